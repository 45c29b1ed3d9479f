package import Basics
import Week1Memory
import Week2LSM

/// The index of a table, in memory: one entry a data block, with the place of the block.
///
/// The key of an entry is a separator: it is after every key of the block before, and not after any
/// of its own block. The shortest one that does is enough, so the index is small. It is a block
/// itself, in which every entry is a restart point.
package struct BlockIndex: Sendable {
  private let block: Block

  /// Blocks in the table.
  package var count: Int { block.restartCount }

  /// Bytes of memory.
  var bytes: Int { block.bytes.count }

  /// Reads an index. Throws unless its blocks stand one after the other, from the start of the file
  /// up to `end`.
  package init(_ bytes: [UInt8], upTo end: Int) throws(MalformedText) {
    block = try Block(bytes)
    var offset = 0
    for place in 0..<count {
      let handle = try handle(at: place)
      guard handle.offset == offset, handle.length > 0, handle.length <= end - offset else {
        throw MalformedText(
          at: block.restart(place), "block \(place) does not follow the one before")
      }
      offset = handle.end
    }
    if offset != end { throw MalformedText(at: block.end, "the blocks end at \(offset)") }
  }

  package func handle(at place: Int) throws(MalformedText) -> BlockHandle {
    try BlockHandle(in: block.bytes, at: block.entry(atRestart: place).payload)
  }

  /// The separator before the block at `place`.
  package func separator(at place: Int) throws(MalformedText) -> ArraySlice<UInt8> {
    block.bytes[try block.entry(atRestart: place).suffix]
  }

  /// The place of the one block that can hold `key`; nil if every block begins after it. O(log
  /// blocks).
  func place(of key: Bytes) throws(MalformedText) -> Int? {
    try block.lastRestart(notAfter: key)
  }

  /// The shortest key that is after `previous` and not after `next`.
  static func separator(between previous: Bytes, and next: Bytes) -> Bytes {
    Bytes(next.prefix(previous.commonPrefix(with: next) + 1))
  }
}
