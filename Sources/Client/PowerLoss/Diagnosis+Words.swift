import CrashModel
import PowerLoss

// The diagnosis for a person.
extension Diagnosis {
  /// When the power went off.
  var moment: String {
    let number = loss.choice.moment
    let run = recording.run(of: number) + 1
    if let write = history.writes.first(where: { $0.answered == number }) {
      return "right after the answer to \(write.name), request \(write.number), in run \(run)"
    }
    let before = history.lastAnswered(at: number).map {
      "; the last answer was to \($0.name), request \($0.number)"
    }
    return "after this call: \(text(recording.happenings[number]))"
      + (before ?? "; no write was answered yet") + ", in run \(run)"
  }

  /// What of the unsynced was on the disk, a line for each file and each name.
  var stateLines: [String] {
    let lines = UnsyncedItem.all(on: disk).map { item in
      let survival =
        switch state.survival(of: item) {
        case .none: "lost"
        case .some: "there in part"
        case .all: "there"
        }
      return "\(text(item)), not synced: \(survival)"
    }
    if lines.isEmpty { return ["all that was written was synced"] }
    return lines.count <= 8 ? lines : lines.prefix(7) + ["and \(lines.count - 7) more"]
  }

  /// The calls before and after the moment.
  var timeline: [String] {
    let all = recording.happenings
    let number = loss.choice.moment
    let before = all[max(0, number - 6)...number].map { "  " + text($0) }
    let after = all[min(number + 1, all.count)..<min(number + 4, all.count)].map { "  " + text($0) }
    return before + ["  -- here the power goes off; later came:"] + after
  }

  func path(_ inode: Int) -> String {
    guard inode != DiskImage.root else { return "the data directory" }
    return disk.paths[inode] ?? recording.disk.paths[inode] ?? "a file"
  }

  func text(_ item: UnsyncedItem) -> String {
    switch item {
    case .bytes(let inode): return "\(path(inode)): \(bytes(of: inode))"
    case .name(let inode, let index):
      guard let change = disk.image.directory(inode)?.unsynced[index] else { return "a name" }
      return "\(path(inode)): \(text(change))"
    }
  }

  func text(_ change: SimulatedDirectory.Change) -> String {
    switch change {
    case .add(let name, _): "the new name \(name)"
    case .remove(let name, _): "the removal of \(name)"
    case .rename(let old, let new, _): "the renaming of \(old) to \(new)"
    }
  }

  private func bytes(of inode: Int) -> String {
    var parts: [String] = []
    var first: Int?
    for change in disk.image.file(inode)?.unsynced ?? [] {
      switch change {
      case .write(let offset, _): first = min(first ?? offset, offset)
      case .length(let length): parts.append("the new length \(length)")
      case .growth: parts.append("bytes that a failed sync has forgotten")
      }
    }
    if let first { parts.append("bytes from \(first) on") }
    return parts.joined(separator: ", ")
  }

  func text(_ happening: Happening) -> String {
    let path = path(happening.inode)
    switch happening.kind {
    case .write(let offset, let count): return "write  \(path), \(count) bytes at \(offset)"
    case .cut(let length): return "cut    \(path) to \(length) bytes"
    case .growth(let length): return "grow   \(path) to \(length) bytes"
    case .create(let name): return "create \(name)"
    case .rename(let old, let new): return "rename \(old) to \(new)"
    case .remove(let name): return "remove \(name)"
    case .sync: return "sync   \(path)"
    case .failedSync: return "sync   \(path), which failed"
    case .answer:
      let write = history.writes.first {
        $0.answered.map { recording.happenings[$0] == happening } ?? false
      }
      return "answer \(write.map { "\($0.name), request \($0.number)" } ?? "(no write)")"
    }
  }
}
