/// The bytes of one file, twice: as a process reads them, and as the disk holds them.
///
/// The difference is the changes that no sync has reached yet. A crash may lose any of them.
package struct SimulatedFile: Sendable {
  package enum Change: Hashable, Sendable {
    case write(offset: Int, bytes: [UInt8])
    /// The file was cut to this length, or extended to it with zeros.
    case length(Int)
    /// The file grew to this length, unless it was longer; what was written there is unknown.
    case growth(to: Int)

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .write(let offset, let bytes):
        hasher.combine(offset)
        hasher.combine(whole: bytes)
      case .length(let length):
        hasher.combine(-1)
        hasher.combine(length)
      case .growth(let length):
        hasher.combine(-2)
        hasher.combine(length)
      }
    }
  }

  package private(set) var durable: [UInt8] = []
  package private(set) var cached: [UInt8] = []
  package private(set) var unsynced: [Change] = []
  private var syncedCount = 0

  package init(durable: [UInt8] = []) {
    self.durable = durable
    cached = durable
  }

  package mutating func write(_ bytes: [UInt8], at offset: Int) {
    change(.write(offset: offset, bytes: bytes))
  }

  package mutating func setLength(_ length: Int) {
    if length != cached.count { change(.length(length)) }
  }

  /// How many changes were made in all; the unsynced ones are the latest of them.
  package var changeCount: Int { syncedCount + unsynced.count }

  /// Brings every change to the disk that is still known to be unsynced.
  package mutating func sync() { sync(through: changeCount) }

  /// Brings the first `count` changes to the disk: those that were made before a sync began. It
  /// promises nothing about a change that was made while it ran.
  package mutating func sync(through count: Int) {
    let reached = max(0, count - syncedCount)
    for change in unsynced.prefix(reached) { Self.apply(change, to: &durable) }
    unsynced.removeFirst(reached)
    syncedCount += reached
  }

  /// What Linux does when writeback fails: the sync reports it once, but the pages stay in the
  /// cache and count as clean. The next sync succeeds, and writes none of them. The file's length
  /// is metadata, in the journal, and still pending (Rebello et al., 2020).
  package mutating func forgetUnsyncedBytes() { forgetUnsyncedBytes(through: changeCount) }

  /// The same for the first `count` changes, those that were made before the sync began.
  package mutating func forgetUnsyncedBytes(through count: Int) {
    for index in unsynced.indices.prefix(max(0, count - syncedCount)) {
      guard case .write(let offset, let bytes) = unsynced[index] else { continue }
      unsynced[index] = .growth(to: offset + bytes.count)
    }
  }

  /// Changes what the cache and the disk hold, as decay does: no process wrote `bytes`.
  package mutating func decay(to bytes: [UInt8]) {
    self = SimulatedFile(durable: bytes)
  }

  /// What a process reads once the cache has been emptied.
  package func withColdCache() -> SimulatedFile {
    var file = self
    file.cached = durable
    for change in unsynced { Self.apply(change, to: &file.cached) }
    return file
  }

  /// Feeds all that a process or a crash could tell.
  func hash(into hasher: inout Hasher) {
    hasher.combine(whole: durable)
    hasher.combine(whole: cached)
    hasher.combine(unsynced)
  }

  private mutating func change(_ change: Change) {
    Self.apply(change, to: &cached)
    unsynced.append(change)
  }

  package static func apply(_ change: Change, to content: inout [UInt8]) {
    switch change {
    case .write(let offset, let bytes):
      write(bytes[...], at: offset, to: &content)
    case .length(let length):
      lengthen(&content, to: length)
      content.removeLast(content.count - length)
    case .growth(let length):
      lengthen(&content, to: length)
    }
  }

  /// Zeros fill a gap before `offset`.
  static func write(_ bytes: ArraySlice<UInt8>, at offset: Int, to content: inout [UInt8]) {
    lengthen(&content, to: offset + bytes.count)
    // Not `replaceSubrange`, which moves one byte after the other in a build that is not optimized.
    content.withUnsafeMutableBytes { content in
      UnsafeMutableRawBufferPointer(rebasing: content[offset...]).copyBytes(from: bytes)
    }
  }

  static func lengthen(_ content: inout [UInt8], to length: Int) {
    guard length > content.count else { return }
    content += [UInt8](repeating: 0, count: length - content.count)
  }
}

extension Hasher {
  /// Feeds bytes as a whole. An array feeds its elements one by one, which is slow in a build that is not
  /// optimized.
  fileprivate mutating func combine(whole bytes: [UInt8]) {
    combine(bytes.count)
    bytes.withUnsafeBytes { combine(bytes: $0) }
  }
}
