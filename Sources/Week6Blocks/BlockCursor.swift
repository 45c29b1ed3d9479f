import Week1Memory
package import Week2LSM
package import Week4Compaction

/// The entries of one block, in order.
package struct BlockCursor: Sendable {
  private let block: Block
  /// Where the next entry stands.
  package private(set) var position = 0

  /// The key of the entry last read: the first `keyLength` of these bytes, which stay in place while
  /// one key after the other is written over them.
  private var keyBytes: [UInt8] = []
  private var keyLength = 0
  private var payload = 0..<0

  package init(_ block: Block) {
    self.block = block
  }

  /// Reads the next entry; false after the last.
  package mutating func advance() throws(MalformedText) -> Bool {
    if position == block.end { return false }
    let entry = try block.entry(at: position)
    guard entry.shared <= keyLength else {
      throw MalformedText(at: position, "a key shares more than the one before it has")
    }
    keyLength = entry.shared + entry.suffix.count
    while keyBytes.count < keyLength { keyBytes.append(0) }
    for i in 0..<entry.suffix.count {
      keyBytes[entry.shared + i] = block.bytes[entry.suffix.lowerBound + i]
    }
    payload = entry.payload
    position = payload.upperBound
    return true
  }

  /// Reads the first entry whose key is not before `target`; false if there is none.
  mutating func seek(_ target: [UInt8]) throws(MalformedText) -> Bool {
    position = block.restart(try block.lastRestart(notAfter: target) ?? 0)
    keyLength = 0
    while try advance() {
      if Bytes.compare(target, keyBytes, 0..<keyLength) <= 0 { return true }
    }
    return false
  }

  /// The next entry as a row; nil after the last.
  mutating func next() throws(MalformedText) -> Row<Entry>? {
    try advance() ? try row() : nil
  }

  // Of the entry last read:

  var key: ArraySlice<UInt8> { keyBytes[..<keyLength] }
  var payloadBytes: ArraySlice<UInt8> { block.bytes[payload] }

  func entry() throws(MalformedText) -> Entry {
    try Entry(encoded: payloadBytes)
  }

  package func row() throws(MalformedText) -> Row<Entry> {
    Row(try Key(stored: key), try entry())
  }
}
