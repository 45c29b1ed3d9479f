package import Basics
import Week1Memory
package import Week2LSM
package import Week4Compaction

// A block read from its first entry to its last.
extension Block {
  /// All entries, in order.
  package func entries() throws(MalformedText) -> [EncodedEntry] {
    var entries: [EncodedEntry] = []
    var (position, keyLength) = (0, 0)
    while position < end {
      let entry = try entry(at: position)
      guard entry.shared <= keyLength else {
        throw MalformedText(at: position, "a key shares more than the one before it has")
      }
      entries.append(entry)
      keyLength = entry.keyLength
      position = entry.payload.upperBound
    }
    return entries
  }

  /// Appends the rows of `entries`, which are all of the block's. Their values share the bytes of the
  /// block, and their keys one buffer.
  package func append(
    _ entries: [EncodedEntry], to rows: inout [Row<Entry>]
  ) throws(MalformedText) {
    let keys = keys(of: entries)
    var start = 0
    for entry in entries {
      let key = Bytes(sharing: keys, in: start..<start + entry.keyLength)
      start += entry.keyLength
      do throws(MalformedText) {
        rows.append(Row(try Key(stored: key), try Entry(in: bytes, at: entry.payload)))
      } catch {
        throw MalformedText(at: entry.offset, error.reason)
      }
    }
  }

  /// The keys of all entries, one after the other.
  private func keys(of entries: [EncodedEntry]) -> [UInt8] {
    var keys = [UInt8](repeating: 0, count: entries.reduce(0) { $0 + $1.keyLength })
    var span = keys.mutableSpan
    let source = bytes.span
    var (previous, start) = (0, 0)
    for entry in entries {
      for i in 0..<entry.shared { span[start + i] = span[previous + i] }
      let suffix = entry.suffix
      for i in 0..<suffix.count { span[start + entry.shared + i] = source[suffix.lowerBound + i] }
      previous = start
      start += entry.keyLength
    }
    return keys
  }
}
