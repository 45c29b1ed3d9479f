import Basics

/// Follows the keys of a block from its first entry to its last, and throws unless each restart point is
/// an entry with a whole key, every other key shares as much as possible, and, if `inOrder`, the keys
/// ascend.
struct KeyTrace {
  private let block: Block
  private let inOrder: Bool
  private var restarts = 0
  /// The next restart point. After the last one it is `end`, where no entry begins.
  private var nextRestart: Int

  init(_ block: Block, inOrder: Bool) {
    self.block = block
    self.inOrder = inOrder
    nextRestart = block.restart(0)
  }

  /// Moves to the next entry; `previous` is the key before it.
  @inline(__always)
  mutating func step(
    to entry: Block.EncodedEntry, from previous: Span<UInt8>
  ) throws(MalformedText) {
    let isRestart = entry.offset == nextRestart
    if isRestart { try passRestart(entry) }
    let suffix = block.bytes.span.extracting(entry.suffix)
    var same = 0  // Bytes of the suffix that the previous key has too.
    if isRestart {
      while same < previous.count, same < suffix.count, previous[same] == suffix[same] { same += 1 }
    }
    // The keys differ behind what they have in common, which decides their order. An end comes first.
    let matched = entry.shared + same
    let a = matched < previous.count ? Int(previous[matched]) : -1
    let b = same < suffix.count ? Int(suffix[same]) : -1
    if a == b && a >= 0 {
      throw MalformedText(at: entry.offset, "its key shares more than it says")
    }
    guard a < b || !inOrder else {
      throw MalformedText(at: entry.offset, "its key does not come after the previous one")
    }
  }

  private mutating func passRestart(_ entry: Block.EncodedEntry) throws(MalformedText) {
    if entry.shared > 0 {
      throw MalformedText(at: entry.offset, "the key of a restart is not whole")
    }
    restarts += 1
    nextRestart = restarts < block.restartCount ? block.restart(restarts) : block.end
  }

  func end() throws(MalformedText) {
    guard restarts == block.restartCount else {
      let offset = block.end + 4 * restarts
      throw MalformedText(at: offset, "a restart is not where an entry begins")
    }
  }
}
