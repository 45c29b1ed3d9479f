import Basics
import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks
import Week7BloomTrie

extension TableInspection {
  /// Reads the data block last added to `blocks`. Returns false if not all of it could be read.
  mutating func inspectBlock(
    _ handle: BlockHandle, _ separator: Bytes, in file: borrowing File
  ) throws(StorageError) -> Bool {
    let bytes = try file.read(at: handle.offset, count: handle.length)
    let actual = Checksum.of(bytes)
    guard actual == handle.checksum else {
      let (found, said) = (Checksum.text(actual), Checksum.text(handle.checksum))
      let reason = "the checksum of this block is \(found), and the index says \(said)"
      fault(at: handle.offset, reason)
      return false
    }
    do throws(MalformedText) {
      try inspectEntries(of: try WeekBlock(bytes), from: handle.offset, separator)
      return true
    } catch {
      fault(at: handle.offset + error.offset, error.reason)
      return false
    }
  }

  private typealias WeekBlock = Week6Blocks.Block

  private mutating func inspectEntries(
    of block: WeekBlock, from offset: Int, _ separator: Bytes
  ) throws(MalformedText) {
    let entries = try block.entries()
    var rows: [Row<Week4Compaction.Entry>] = []
    try block.appendUnverifiedRows(of: entries, to: &rows)
    for (entry, row) in zip(entries, rows) {
      if blocks[blocks.count - 1].entries == 0 { begin(with: row.key, separator) }
      count(row.key, isTombstone: row.payload == .tombstone, at: offset + entry.offset)
      if ends?.filter?.mayContain(row.key) == false {
        fault(at: offset + entry.offset, "the table's filter denies \(row.key), which is here")
      }
      blocks[blocks.count - 1].entries += 1
    }
    try block.verifySearch(of: entries)
    if entries.isEmpty { throw MalformedText(at: 0, "a block has at least one entry") }
  }

  /// The separator must be between the previous block and this one, or a get looks in the wrong one.
  private mutating func begin(with key: Key, _ separator: Bytes) {
    blocks[blocks.count - 1].firstKey = key
    let indexOffset = ends?.footer.index.offset ?? 0
    if key.bytes < separator {
      fault(at: indexOffset, "the separator \(separator) comes after its block's first key, \(key)")
    }
    if let lastKey, lastKey.bytes >= separator {
      fault(
        at: indexOffset,
        "the separator \(separator) does not come after the block before, \(lastKey)")
    }
  }
}
