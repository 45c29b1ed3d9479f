import Week1Memory
import Week2LSM
import Week5Leveling

/// The findings in the file of a table, in either format.
struct TableInspection: Sendable {
  /// Adjacent entries, which are read together.
  struct Block: Sendable {
    let offset: Int
    let length: Int
    var entries = 0
    /// The separator, if the format has one.
    var separator: String?
    var firstKey: Key?
    let checksum: UInt32
  }

  let path: String
  /// The table's entry in the manifest, if one names it.
  let named: NamedTable?
  var form = ""
  var size = 0
  var blocks: [Block] = []
  /// What a block table has besides its blocks.
  var ends: BlockTableEnds?
  var entries = 0
  var tombstones = 0
  var firstKey: Key?
  var lastKey: Key?
  var diagnosis = Diagnosis()

  init(_ path: String, _ named: NamedTable?) {
    self.path = path
    self.named = named
  }

  var range: KeyRange? {
    guard let firstKey, let lastKey, firstKey <= lastKey else { return nil }
    return firstKey...lastKey
  }

  /// Frees the details of the blocks, and keeps the totals.
  mutating func forgetBlocks() {
    blocks = []
    ends = nil
  }

  mutating func fault(at offset: Int, _ reason: String) {
    diagnosis.fault(path, at: offset, reason)
  }

  /// Counts an entry, whose key must come after all previous ones.
  mutating func count(_ key: Key, isTombstone: Bool, at offset: Int) {
    if let lastKey, key <= lastKey {
      fault(at: offset, "the key \(key) does not come after \(lastKey)")
    }
    firstKey = firstKey ?? key
    lastKey = key
    entries += 1
    if isTombstone { tombstones += 1 }
  }
}
