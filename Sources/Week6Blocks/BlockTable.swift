import Basics
public import Week1Memory
public import Week2LSM
public import Week4Compaction
public import Week5Leveling

/// A sorted string table in blocks: an immutable binary file of entries sorted by key, each key once.
///
/// Its index is in memory. A `get` reads one block, from the cache or from the disk; what comes from
/// the disk is verified, every time.
public final class BlockTable: LeveledTable {
  public let record: TableRecord
  public let keyRange: KeyRange
  let index: BlockIndex
  private let number: Int
  private let file: File

  init(
    _ record: TableRecord, _ number: Int, _ keyRange: KeyRange, _ index: BlockIndex,
    _ file: consuming File
  ) {
    self.record = record
    self.number = number
    self.keyRange = keyRange
    self.index = index
    self.file = file
  }

  /// Bytes of memory that the index takes.
  public var indexBytes: Int { index.bytes }

  /// What is stored under `key`, or nil. Reads one block at most.
  public func get(_ key: Key, through cache: inout BlockCache) throws(StorageError) -> Entry? {
    guard let place = try indexed(key) else { return nil }
    let block = try block(at: place, through: &cache)
    return try understood(at: place) { () throws(MalformedText) in
      try block.payload(of: key.bytes).map { (payload) throws(MalformedText) in
        try Entry(in: block.bytes, at: payload)
      }
    }
  }

  /// The place of the one block that can hold `key`; nil if every block begins after it.
  private func indexed(_ key: Key) throws(StorageError) -> Int? {
    try understood(at: 0) { () throws(MalformedText) in try index.place(of: key.bytes) }
  }

  public var blockCount: Int { index.count }

  public func place(of key: Key) throws(StorageError) -> Int {
    try indexed(key) ?? 0
  }

  /// Not through the cache: a scan of everything would drive out what is hot.
  public func rows(
    from place: inout Int, blocks count: Int
  ) throws(StorageError) -> [Row<Entry>] {
    var rows: [Row<Entry>] = []
    for block in try blocks(from: place, atMost: count) {
      try understood(at: place) { () throws(MalformedText) in
        try block.append(block.entries(), to: &rows)
      }
      place += 1
    }
    return rows
  }

  private func block(
    at place: Int, through cache: inout BlockCache
  ) throws(StorageError) -> Block {
    let id = BlockCache.ID(table: number, place: place)
    if let block = cache[id] { return block }
    let block = try block(at: place)
    cache.insert(block, for: id)
    return block
  }

  /// Reads a block from the disk, and verifies it.
  private func block(at place: Int) throws(StorageError) -> Block {
    let handle = try handle(at: place)
    return try verified(try file.read(at: handle.offset, count: handle.length), at: place, handle)
  }

  /// Reads blocks that stand one after the other at once, and verifies each. At least one, and no more
  /// than `readLength` bytes of several.
  private func blocks(from place: Int, atMost count: Int) throws(StorageError) -> [Block] {
    var handles = [try handle(at: place)]
    let start = handles[0].offset
    var end = handles[0].end
    for next in place + 1..<max(place + 1, min(place + count, blockCount)) {
      let handle = try handle(at: next)
      if handle.end - start > Self.readLength { break }
      handles.append(handle)
      end = handle.end
    }
    let bytes = try file.read(at: start, count: end - start)
    var blocks: [Block] = []
    for (i, handle) in handles.enumerated() {
      let range = (handle.offset - start..<handle.end - start).clamped(to: bytes.indices)
      blocks.append(try verified(Array(bytes[range]), at: place + i, handle))
    }
    return blocks
  }

  private static let readLength = 1 << 16

  private func handle(at place: Int) throws(StorageError) -> BlockHandle {
    try understood(at: place) { () throws(MalformedText) in try index.handle(at: place) }
  }

  private func verified(
    _ bytes: [UInt8], at place: Int, _ handle: BlockHandle
  ) throws(StorageError) -> Block {
    let actual = Checksum.of(bytes)
    guard actual == handle.checksum else {
      let (found, said) = (Checksum.text(actual), Checksum.text(handle.checksum))
      let reason = "the checksum of this block is \(found), and the index says \(said)"
      throw .corrupt(file: file.path, offset: handle.offset, reason: reason)
    }
    return try understood(at: place) { () throws(MalformedText) in try Block(bytes) }
  }

  /// Runs what reads a verified block. Where that makes no sense all the same, says which block.
  private func understood<Result>(
    at place: Int, _ read: () throws(MalformedText) -> Result
  ) throws(StorageError) -> Result {
    do throws(MalformedText) { return try read() } catch { throw damage(error, at: place) }
  }

  /// The error for the block at `place`, whose bytes make no sense at `error`'s offset.
  private func damage(_ error: MalformedText, at place: Int) -> StorageError {
    let offset = ((try? index.handle(at: place))?.offset ?? 0) + error.offset
    return .corrupt(file: file.path, offset: offset, reason: error.reason)
  }
}
