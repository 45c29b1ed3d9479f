import Basics
public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Writes a table in blocks, row by row, in the order of the keys. The file is not part of the
/// store until `finish` has returned and a manifest names it.
public struct BlockTableWriter: ~Copyable {
  private let number: Int
  private let name: String
  private let file: File
  private let options: BlockTable.Options
  private var data: BlockBuilder
  private var index = BlockBuilder(restartInterval: 1)
  /// The separator before the block being built.
  private var separator = Bytes([])
  private var firstKey: Key?
  private var lastKey: Key?
  private var entries = 0
  private var tombstones = 0
  private var others: [String: Bytes] = [:]
  private var buffer: [UInt8] = []
  private var written = 0

  private static var bufferLength: Int { 1 << 16 }
  /// The most bytes that an entry takes besides its key and payload: three lengths and a restart point.
  private static var entryOverhead: Int { 16 }

  /// Creates the file of table `number`, which no table has had before.
  public init(
    number: Int, in directory: Directory, _ options: BlockTable.Options
  ) throws(StorageError) {
    self.number = number
    name = TableRecord.fileName(number, extension: BlockTable.fileExtension)
    file = try directory.create(name)
    self.options = options
    data = BlockBuilder(restartInterval: options.blocks.restartInterval)
  }

  public var count: Int { entries }

  /// Adds a row. Its key must come after those of all earlier rows.
  public mutating func append(_ row: Row<Entry>) throws(StorageError) {
    let key = row.key
    precondition(lastKey.map { $0 < key } ?? true, "rows come in the order of their keys")
    let payload = row.payload.encoded
    let added = key.bytes.count + payload.count + Self.entryOverhead
    let limit = min(options.blocks.blockLength, BlockOptions.maximumBlockLength)
    if !data.isEmpty && data.length + added > limit {
      let last = data.lastKey
      try endBlock()
      separator = BlockIndex.separator(between: last, and: key.bytes)
    }
    data.append(key.bytes, payload)
    firstKey = firstKey ?? key
    lastKey = key
    entries += 1
    if row.payload == .tombstone { tombstones += 1 }
  }

  /// Stores `content` as a property of the table, which readers find under `name` once it is open.
  public mutating func setProperty(_ name: String, to content: [UInt8]) {
    others[name] = Bytes(sharing: content, in: content.indices)
  }

  /// Finishes the table. When it returns, the bytes are on disk; the name is on disk once the
  /// directory is synced.
  public consuming func finish() throws(StorageError) -> BlockTable {
    guard let firstKey, let lastKey else { preconditionFailure("a table has at least one entry") }
    try endBlock()
    let dataEnd = written + buffer.count
    let indexBytes = index.finish()
    let properties = TableProperties(
      entries: entries, tombstones: tombstones, firstKey: firstKey, lastKey: lastKey,
      others: others)
    let footer = TableFooter(index: put(indexBytes), properties: put(properties.encoded))
    buffer += footer.encoded
    try writeBuffer()
    try file.sync()
    let record = TableRecord(
      file: name, entries: entries, bytes: written,
      crc32c: Checksum.text(footer.checksum))
    guard let index = try? BlockIndex(indexBytes, upTo: dataEnd) else {
      preconditionFailure("an index that has just been built can be read")
    }
    return BlockTable(
      record, number: number, properties: properties, at: footer.properties.offset, index: index,
      file: file, cache: options.cache)
  }

  private mutating func endBlock() throws(StorageError) {
    index.append(separator, put(data.finish()).encoded)
    if buffer.count >= Self.bufferLength { try writeBuffer() }
  }

  /// Appends a block to the file.
  private mutating func put(_ block: [UInt8]) -> BlockHandle {
    let offset = written + buffer.count
    buffer += block
    return BlockHandle(
      offset: offset, length: block.count, checksum: Checksum.of(block))
  }

  private mutating func writeBuffer() throws(StorageError) {
    try file.write(buffer, at: written)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
