import Basics
public import Disk
public import Week1Memory

extension SSTable {
  /// Opens the table that `record` names, and verifies all of it: length, form, order and checksum.
  /// Reads the whole file once, in pieces.
  public static func open(
    _ record: TableRecord, in directory: Directory
  ) throws(StorageError) -> SSTable {
    let file = try directory.open(record.file)
    let size = try file.size()
    if size != record.bytes {
      throw .corrupt(
        file: file.path, offset: min(size, record.bytes),
        reason: "it has \(size) bytes, and the manifest says \(record.bytes)")
    }
    let index = try verifiedIndex(of: file, record)
    return SSTable(record, index, file)
  }

  private static func verifiedIndex(
    of file: borrowing File, _ record: TableRecord
  ) throws(StorageError) -> TableIndex {
    var lines = LineReader()
    var index = TableIndex()
    var entries = 0
    var rowsEnded = false
    guard try lines.next(of: file)?.elementsEqual("[\n".utf8) ?? false else {
      throw .corrupt(file: file.path, offset: 0, reason: "a table begins with [")
    }
    while !rowsEnded {
      let line = try lines.next(of: file) ?? []
      let key: Key
      do {
        (key, rowsEnded) = try keyAndEnd(ofLine: line, after: index.lastKey)
      } catch {
        throw .corrupt(
          file: file.path, offset: lines.offset + error.offset, reason: error.reason)
      }
      index.add(key, line: line, at: lines.offset)
      entries += 1
    }
    guard try lines.next(of: file)?.elementsEqual("]\n".utf8) ?? false,
      try lines.next(of: file) == nil, entries == record.entries
    else {
      let reason = "a table ends with ] after its \(record.entries) rows"
      throw .corrupt(file: file.path, offset: lines.offset, reason: reason)
    }
    let crc32c = Checksum.text(lines.checksum.value)
    guard crc32c == record.crc32c else {
      let reason = "its checksum is \(crc32c), and the manifest says \(record.crc32c)"
      throw .corrupt(file: file.path, offset: 0, reason: reason)
    }
    return index
  }

  /// The key of a line, and whether the line is the last row: that one has no comma.
  private static func keyAndEnd(
    ofLine line: ArraySlice<UInt8>, after previous: Key?
  ) throws(MalformedText) -> (Key, Bool) {
    let isLast = !line.reversed().starts(with: "\n,".utf8)
    let key = try Row<Payload>(line: line.dropLast(isLast ? 1 : 2)).key
    if let previous, key <= previous {
      throw MalformedText(at: 0, "the key \(key) does not come after \(previous)")
    }
    return (key, isLast)
  }
}
