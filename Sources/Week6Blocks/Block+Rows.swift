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
      let entry = try entry(at: position)
      guard entry.shared <= keyLength else {
        throw MalformedText(at: position, "a key shares more than the previous one has")
      }
      guard entry.keyLength <= Self.maximumKeyLength else {
        throw MalformedText(at: position, "its key is longer than a key may be")
      }
      entries.append(entry)
      keyLength = entry.keyLength
      position = entry.payload.upperBound
    }
    return entries
  }

  /// Throws unless the keys ascend, are within `bounds`, and can each be found by a search. A
  /// correct checksum does not guarantee that: bad memory or a bug may have written them otherwise.
  package func verify(within bounds: BlockBounds) throws(MalformedText) {
    let entries = try entries()
    try verify(entries, keys: keys(of: entries), within: bounds)
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
    guard bounds.lower.compare(to: keys, in: 0..<first.keyLength) <= 0 else {
      throw MalformedText(at: first.offset, "its key is before the range of the block")
    }
    let lastKey = keys.count - last.keyLength..<keys.count
    let order = bounds.upper.compare(to: keys, in: lastKey)
    guard order > 0 || order == 0 && bounds.includesUpper else {
      throw MalformedText(at: last.offset, "its key is after the range of the block")
    }
  }

  /// Throws unless each restart point is an entry with a whole key, every other key shares as much
  /// as possible, and, if `inOrder`, the keys ascend.
  private func verify(
    _ entries: [EncodedEntry], keys: [UInt8], inOrder: Bool
  ) throws(MalformedText) {
    let span = keys.span
    var previous = 0..<0
    // The next restart point. After the last one it is `end`, where no entry begins.
    var (restarts, nextRestart) = (0, restart(0))
    for entry in entries {
      let key = previous.upperBound..<previous.upperBound + entry.keyLength
      let common = min(previous.count, key.count)
      var matched = entry.shared
      if entry.offset == nextRestart {
        if matched > 0 {
          throw MalformedText(at: entry.offset, "the key of a restart is not whole")
        }
        restarts += 1
        nextRestart = restarts < restartCount ? restart(restarts) : end
        while matched < common,
          span[previous.lowerBound + matched] == span[key.lowerBound + matched]
        {
          matched += 1
        }
      }
      // The first byte after the common prefix decides the order of the keys.
      let (a, b) =
        matched < common
        ? (Int(span[previous.lowerBound + matched]), Int(span[key.lowerBound + matched]))
        : (previous.count, key.count)
      if a == b && matched < common {
        throw MalformedText(at: entry.offset, "its key shares more than it says")
      }
      guard a < b || !inOrder else {
        throw MalformedText(at: entry.offset, "its key does not come after the previous one")
      }
      previous = key
    }
    guard restarts == restartCount else {
      throw MalformedText(at: end + 4 * restarts, "a restart is not where an entry begins")
    }
  }
}
