import Basics
public import Week1Memory

/// Writes a table, row by row, in order. Nothing refers to the file before `finish` has returned; if
/// it never does, the file is an orphan, which the next start removes.
public struct SSTableWriter<Payload: RowPayload>: ~Copyable {
  private let name: String
  private let file: File
  private var index = TableIndex()
  private var checksum = Checksum()
  private var entries = 0
  /// The last row, without the end of its line: a comma follows it if a row does.
  private var row: (key: Key, line: [UInt8])?
  private var buffer: [UInt8] = []
  private var written = 0

  private static var bufferLength: Int { 1 << 16 }

  /// Starts the table `number`, which no table has had before.
  public init(number: Int, in directory: borrowing Directory) throws(StorageError) {
    name = TableRecord.fileName(number)
    file = try directory.create(name)
    put(Array("[\n".utf8))
  }

  public var count: Int { entries }

  /// Adds a row, whose key must come after those of all before it.
  public mutating func append(_ key: Key, _ payload: Payload) throws(StorageError) {
    precondition(row.map { $0.key < key } ?? true, "rows are appended in the order of their keys")
    try endRow(with: ",\n")
    var line: [UInt8] = []
    Row(key, payload).append(to: &line)
    row = (key, line)
    entries += 1
  }

  /// Ends the table, whose bytes are on the medium when this returns. Its name is there once the
  /// directory has been synced.
  public consuming func finish() throws(StorageError) -> SSTable<Payload> {
    try endRow(with: "\n")
    put(Array("]\n".utf8))
    try writeBuffer()
    try file.sync()
    let crc32c = Checksum.text(checksum.value)
    let record = TableRecord(file: name, entries: entries, bytes: written, crc32c: crc32c)
    return SSTable(record, index, file)
  }

  private mutating func endRow(with end: String) throws(StorageError) {
    guard var row else { return }
    row.line += end.utf8
    index.add(row.key, line: row.line[...], at: written + buffer.count)
    put(row.line)
    if buffer.count >= Self.bufferLength { try writeBuffer() }
  }

  private mutating func put(_ bytes: [UInt8]) {
    checksum.update(bytes[...])
    buffer += bytes
  }

  private mutating func writeBuffer() throws(StorageError) {
    try file.write(buffer, at: written)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
