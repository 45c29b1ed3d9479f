import Basics
public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Writes a table in blocks, entry by entry, in order. Nothing refers to the file before `finish` has
/// returned; if it never does, the file is an orphan, which the next start removes.
public struct BlockTableWriter: ~Copyable {
  private let number: Int
  private let name: String
  private let file: File
  private let options: BlockOptions
  private var data: BlockBuilder
  private var index = BlockBuilder(restartInterval: 1)
  /// The separator in front of the block that is being built.
  private var separator = Bytes([])
  private var firstKey: Key?
  private var lastKey: Key?
  private var entries = 0
  private var tombstones = 0
  private var buffer: [UInt8] = []
  private var written = 0

  private static var bufferLength: Int { 1 << 16 }
  /// What an entry takes besides its key and its payload, at most: three lengths, a restart point.
  private static var entryOverhead: Int { 16 }

  /// Starts the table `number`, which no table has had before.
  public init(
    number: Int, in directory: borrowing Directory, _ options: BlockOptions
  ) throws(StorageError) {
    self.number = number
    name = TableRecord.fileName(number, form: "blocks")
    file = try directory.create(name)
    self.options = options
    data = BlockBuilder(restartInterval: options.restartInterval)
  }

  public var count: Int { entries }

  /// Adds an entry, whose key must come after those of all before it.
  public mutating func append(_ key: Key, _ entry: Entry) throws(StorageError) {
    precondition(
      lastKey.map { $0 < key } ?? true, "entries are appended in the order of their keys")
    let payload = entry.encoded
    let added = key.bytes.count + payload.count + Self.entryOverhead
    let limit = min(options.blockLength, BlockOptions.maximumBlockLength)
    if !data.isEmpty && data.length + added > limit {
      let last = data.lastKey
      try endBlock()
      separator = BlockIndex.separator(between: last, and: key.bytes)
    }
    data.append(key.bytes, payload)
    firstKey = firstKey ?? key
    lastKey = key
    entries += 1
    if entry == .tombstone { tombstones += 1 }
  }

  /// Ends the table, whose bytes are on the medium when this returns. Its name is there once the
  /// directory has been synced.
  public consuming func finish() throws(StorageError) -> BlockTable {
    guard let firstKey, let lastKey else { preconditionFailure("a table has at least one entry") }
    try endBlock()
    let dataEnd = written + buffer.count
    let indexBytes = index.finish()
    let properties = TableProperties(
      entries: entries, tombstones: tombstones, firstKey: firstKey, lastKey: lastKey)
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
    return BlockTable(record, number, firstKey...lastKey, index, file)
  }

  private mutating func endBlock() throws(StorageError) {
    index.append(separator, put(data.finish()).encoded)
    if buffer.count >= Self.bufferLength { try writeBuffer() }
  }

  /// Puts a block where the file ends so far.
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
