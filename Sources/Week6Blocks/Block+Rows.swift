package import Basics
import Week1Memory
package import Week2LSM
package import Week4Compaction

/// The range of keys that a block of a table may hold, according to the table's index and properties.
package struct BlockBounds {
  /// No key is before this.
  let lower: Bytes
  /// No key is after this; unless `includesUpper`, none is equal to it.
  let upper: Bytes
  let includesUpper: Bool
}

// Reading a block from its first entry to its last.
extension Block {
  /// All entries, in order.
  package func entries() throws(MalformedText) -> [EncodedEntry] {
    var entries: [EncodedEntry] = []
    // The usual number of entries between restart points, but no more than the bytes have room for.
    entries.reserveCapacity(min(16 * restartCount, end / Self.leastEntryLength))
    var (position, keyLength) = (0, 0)
    while position < end {
      let entry = try entry(at: position, afterKeyOf: keyLength)
      entries.append(entry)
      keyLength = entry.keyLength
      position = entry.payload.upperBound
    }
    return entries
  }

  /// The entry at `offset`, where the key before it has `length` bytes.
  @inline(__always)
  func entry(at offset: Int, afterKeyOf length: Int) throws(MalformedText) -> EncodedEntry {
    let entry = try entry(at: offset)
    guard entry.shared <= length else {
      throw MalformedText(at: offset, "a key shares more than the previous one has")
    }
    guard entry.keyLength <= Self.maximumKeyLength else {
      throw MalformedText(at: offset, "its key is longer than a key may be")
    }
    return entry
  }

  /// Throws unless the keys ascend and are within `bounds`, and a search finds each of them. A checksum
  /// cannot promise that: bad memory or a bug may have written them otherwise.
  package func verify(within bounds: BlockBounds) throws(MalformedText) {
    var trace = KeyTrace(self, inOrder: true)
    try forEachEntry { (entry, previous) throws(MalformedText) in
      try trace.step(to: entry, from: previous)
    } last: { (last, key) throws(MalformedText) in
      try trace.end()
      try verify(first: entry(at: 0).suffix, last: last, key, within: bounds)
    }
  }

  /// Appends all rows. Their values share the bytes of the block, and their keys share one buffer.
  /// Throws if `verify` would.
  package func appendRows(
    to rows: inout [Row<Entry>], within bounds: BlockBounds
  ) throws(MalformedText) {
    let entries = try entries()
    let keys = keys(of: entries)
    try verify(entries, keys: keys, within: bounds)
    try append(entries, keys: keys, to: &rows)
  }

  /// Appends the rows of `entries`, which are all entries of the block, in whatever order they are.
  package func appendUnverifiedRows(
    of entries: [EncodedEntry], to rows: inout [Row<Entry>]
  ) throws(MalformedText) {
    try append(entries, keys: keys(of: entries), to: &rows)
  }

  /// Throws unless a search finds all of `entries`: each restart point is an entry with a whole
  /// key, and every other entry shares as much as possible with the previous key.
  package func verifySearch(of entries: [EncodedEntry]) throws(MalformedText) {
    try verify(entries, keys: keys(of: entries), inOrder: false)
  }

  private func append(
    _ entries: [EncodedEntry], keys: [UInt8], to rows: inout [Row<Entry>]
  ) throws(MalformedText) {
    var start = 0
    for entry in entries {
      let key = Bytes(sharing: keys, in: start..<start + entry.keyLength)
      start += entry.keyLength
      do throws(MalformedText) {
        rows.append(Row(try Self.key(of: key), try Entry(in: bytes, at: entry.payload)))
      } catch {
        throw MalformedText(at: entry.offset, error.reason)
      }
    }
  }

  private func verify(
    _ entries: [EncodedEntry], keys: [UInt8], within bounds: BlockBounds
  ) throws(MalformedText) {
    guard let first = entries.first, let last = entries.last else {
      throw MalformedText(at: 0, "a block of a table has no entries")
    }
    try verify(entries, keys: keys, inOrder: true)
    let lastKey = keys.span.extracting(last: last.keyLength)
    try verify(first: first.suffix, last: last, lastKey, within: bounds)
  }

  /// Throws unless the first key, which is whole, and the last one are within `bounds`.
  private func verify(
    first: Range<Int>, last: EncodedEntry, _ lastKey: Span<UInt8>, within bounds: BlockBounds
  ) throws(MalformedText) {
    guard bounds.lower.compare(to: bytes, in: first) <= 0 else {
      throw MalformedText(at: 0, "its key is before the range of the block")
    }
    let order = bounds.upper.compare(to: lastKey)
    guard order > 0 || order == 0 && bounds.includesUpper else {
      throw MalformedText(at: last.offset, "its key is after the range of the block")
    }
  }

  private func verify(
    _ entries: [EncodedEntry], keys: [UInt8], inOrder: Bool
  ) throws(MalformedText) {
    var trace = KeyTrace(self, inOrder: inOrder)
    var previous = 0..<0
    for entry in entries {
      try trace.step(to: entry, from: keys.span.extracting(previous))
      previous = previous.upperBound..<previous.upperBound + entry.keyLength
    }
    try trace.end()
  }
}
