import Basics
public import Disk
public import Week1Memory

/// Writes a table row by row, in the order of the keys. The file is not part of the store until
/// `finish` has returned and a manifest names it.
public struct SSTableWriter<Payload: RowPayload>: ~Copyable {
  private let name: String
  private let file: File
  private var index = TableIndex()
  private var checksum = Checksum()
  private var entries = 0
  /// The last row, without the end of its line: it has a comma if another row follows.
  private var row: (key: Key, line: [UInt8])?
  private var buffer: [UInt8] = []
  private var written = 0

  private static var bufferLength: Int { 1 << 16 }

  /// Creates the file of table `number`, which no table has had before.
  public init(number: Int, in directory: Directory) throws(StorageError) {
    name = TableRecord.fileName(number, extension: SSTable<Payload>.fileExtension)
    file = try directory.create(name)
    put(Array("[\n".utf8))
  }

  public var count: Int { entries }

  /// Adds a row. Its key must come after those of all earlier rows.
  public mutating func append(_ new: Row<Payload>) throws(StorageError) {
    precondition(row.map { $0.key < new.key } ?? true, "rows come in the order of their keys")
    try endRow(with: ",\n")
    var line: [UInt8] = []
    new.append(to: &line)
    row = (new.key, line)
    entries += 1
  }

  /// Finishes the table. When it returns, the bytes are on disk; the name is on disk once the
  /// directory is synced.
  public consuming func finish() throws(StorageError) -> SSTable<Payload> {
    try endRow(with: "\n")
    put(Array("]\n".utf8))
    try writeBuffer()
    try file.sync()
    let crc32c = Checksum.text(checksum.value)
    let record = TableRecord(file: name, entries: entries, bytes: written, crc32c: crc32c)
    return SSTable(record, index, file)
  }

  /// Puts the last row, if there is one, and `end` after it.
  private mutating func endRow(with end: String) throws(StorageError) {
    guard var row = row.take() else { return }
    row.line += end.utf8
    index.add(row.key, line: row.line[...], at: written + buffer.count)
    put(row.line)
    if buffer.count >= Self.bufferLength { try writeBuffer() }
  }

  /// Adds `bytes` to the checksum and to the buffer.
  private mutating func put(_ bytes: [UInt8]) {
    checksum.update(bytes[...])
    buffer += bytes
  }

  /// Writes the buffer to the file and empties it.
  private mutating func writeBuffer() throws(StorageError) {
    try file.write(buffer, at: written)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
