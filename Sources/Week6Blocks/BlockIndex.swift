package import Basics
package import Week1Memory
import Week2LSM

/// The in-memory index of a table: one entry per data block, with the handle of the block.
///
/// The key of an entry is a separator: it is after every key of the previous block and not after any
/// key of its own. The shortest such key is enough, so the index is small. It is a block itself, in
/// which every entry is a restart point. Each get searches it, so it is decoded once, at open.
package struct BlockIndex: Sendable {
  private let block: Block
  /// The positions of the keys in the block.
  private let separators: [Range<Int>]
  private let handles: [BlockHandle]
  /// Of all separators but the first, which is empty.
  private let heads: KeyHeads

  /// The number of blocks in the table.
  package var count: Int { separators.count }

  /// Bytes of memory.
  var bytes: Int {
    let decoded = MemoryLayout<Range<Int>>.stride + MemoryLayout<BlockHandle>.stride
    return block.bytes.count + count * decoded + heads.bytes
  }

  /// Reads an index. Throws unless its separators ascend and its blocks cover the file from the
  /// start up to `end` without gaps.
  package init(_ bytes: [UInt8], upTo end: Int) throws(MalformedText) {
    block = try Block(bytes)
    var separators: [Range<Int>] = []
    separators.reserveCapacity(block.restartCount)
    var handles: [BlockHandle] = []
    handles.reserveCapacity(block.restartCount)
    var offset = 0
    var previous = Bytes([])
    for index in 0..<block.restartCount {
      let entry = try block.entry(atRestart: index)
      let separator = Bytes(sharing: bytes, in: entry.suffix)
      guard index == 0 ? separator.isEmpty : previous < separator else {
        throw MalformedText(at: entry.offset, "separator \(index) does not follow the previous one")
      }
      let handle = try BlockHandle(in: bytes, at: entry.payload)
      guard handle.offset == offset, handle.length > 0, handle.length <= end - offset else {
        throw MalformedText(at: entry.offset, "block \(index) does not follow the previous one")
      }
      guard handle.length <= BlockOptions.maximumBlockLength else {
        throw MalformedText(at: entry.offset, "block \(index) is longer than a block may be")
      }
      offset = handle.end
      previous = separator
      separators.append(entry.suffix)
      handles.append(handle)
    }
    self.separators = separators
    self.handles = handles
    heads = KeyHeads(of: separators.dropFirst().map { Bytes(sharing: bytes, in: $0) })
    if offset != end { throw MalformedText(at: block.end, "the blocks end at \(offset)") }
  }

  /// Throws unless every separator but the first, which is empty, is after the first key of `range` and
  /// not after the last.
  func verifySeparators(in range: ClosedRange<Key>) throws(MalformedText) {
    guard count > 1 else { return }
    for index in Set([1, count - 1]) {
      let separator = separator(at: index)
      guard range.lowerBound.bytes < separator, separator <= range.upperBound.bytes else {
        let offset = block.restart(index)
        throw MalformedText(at: offset, "separator \(index) is not in the range of the table")
      }
    }
  }

  package func handle(at index: Int) -> BlockHandle { handles[index] }

  /// The separator before the block at `index`.
  package func separator(at index: Int) -> Bytes {
    Bytes(sharing: block.bytes, in: separators[index])
  }

  /// The keys that the block at `index` may hold, in a table whose keys are in `range`.
  package func bounds(at index: Int, in range: ClosedRange<Key>) -> BlockBounds {
    let isLast = index + 1 == count
    return BlockBounds(
      lower: index == 0 ? range.lowerBound.bytes : separator(at: index),
      upper: isLast ? range.upperBound.bytes : separator(at: index + 1),
      includesUpper: isLast)
  }

  /// The index of the only block that can hold `key`. O(log blocks).
  func blockIndex(of key: Key) -> Int {
    heads.partitioningIndex(of: key.bytes) { index in
      key.bytes.compare(to: block.bytes, in: separators[index + 1]) < 0
    }
  }

  /// The shortest key that is after `previous` and not after `next`.
  static func separator(between previous: Bytes, and next: Bytes) -> Bytes {
    Bytes(next.prefix(previous.commonPrefix(with: next) + 1))
  }
}
