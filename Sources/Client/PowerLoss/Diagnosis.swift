import CrashModel
import PowerLoss

/// Why a state has lost something: found by trying the same state with one thing more, or less, on the
/// disk.
struct Diagnosis: Sendable {
  let loss: Loss
  let disk: RecordedDisk
  let recording: DiskRecording
  let history: WriteHistory
  /// The state, as it was tried.
  let image: DiskImage
  private(set) var cause = Cause.unsteady
  private(set) var state: AlteredState

  enum Cause: Sendable {
    /// The same state was right when it was tried again.
    case unsteady
    /// It is lost although everything written is there: the server had not written it yet, or cannot
    /// read what it writes.
    case kill
    /// A sync failed, and the bytes were forgotten.
    case failedSync(inode: Int)
    /// With `missing` on the disk, or without `harmful`, nothing would be lost.
    case unsynced(missing: [UnsyncedItem], harmful: [UnsyncedItem])
  }

  /// Tries some dozens of states more.
  init(of loss: Loss, in search: LossSearch) async throws {
    self.loss = loss
    recording = search.recording
    history = search.history
    disk = search.recording.disk(at: loss.choice.moment)
    image = loss.choice.image(of: disk)
    state = AlteredState(disk: disk, choice: loss.choice)
    cause = try await findCause(search)
  }

  private func findCause(_ search: LossSearch) async throws -> Cause {
    if try await isRight(image, search) { return .unsteady }
    let items = UnsyncedItem.all(on: disk)
    var altered = state
    altered.kept = Set(items)
    guard try await isRight(altered.image, search) else { return try await causeOfKill(search) }
    let missing = try await missing(items, search)
    return .unsynced(missing: missing, harmful: try await harmful(items, search))
  }

  /// After a failed sync, what a process reads is not what the disk has.
  private func causeOfKill(_ search: LossSearch) async throws -> Cause {
    let failed = recording.happenings[...loss.choice.moment].last { $0.kind == .failedSync }
    if let failed, try await isRight(disk.image, search) { return .failedSync(inode: failed.inode) }
    return .kill
  }

  /// As few items as possible that would all have to be on the disk.
  private func missing(
    _ items: [UnsyncedItem], _ search: LossSearch
  ) async throws -> [UnsyncedItem] {
    var altered = state
    altered.kept = Set(items)
    for item in items where state.survival(of: item) != .all {
      altered.kept.remove(item)
      if try await !isRight(altered.image, search) { altered.kept.insert(item) }
    }
    return items.filter { altered.kept.contains($0) && state.survival(of: $0) != .all }
  }

  /// The items each of which does harm by being there alone.
  private func harmful(
    _ items: [UnsyncedItem], _ search: LossSearch
  ) async throws -> [UnsyncedItem] {
    var harmful: [UnsyncedItem] = []
    for item in items where state.survival(of: item) != .none {
      var altered = state
      altered.dropped = [item]
      if try await isRight(altered.image, search) { harmful.append(item) }
    }
    return harmful
  }

  private func isRight(_ image: DiskImage, _ search: LossSearch) async throws -> Bool {
    let moment = loss.choice.moment
    let observation = try await search.observe(
      image, at: moment, writingOn: !loss.problem.written.isEmpty)
    return observation.problem(history, at: moment, time: recording.happenings[moment].time) == nil
  }
}

extension Diagnosis {
  /// A file that may be the cause, and was written through memory, so that nothing is sure; nil for none.
  var unknownFile: String? {
    let unknown = recording.writtenThroughMemory
    let involved: Set<Int> =
      switch cause {
      case .unsteady, .kill: unknown
      case .failedSync(let inode): [inode]
      case .unsynced(let missing, let harmful):
        Set(
          (missing + harmful).compactMap { if case .bytes(let inode) = $0 { inode } else { nil } })
      }
    return involved.intersection(unknown).min().map { path($0) }
  }
}
