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
    let target = Array(key.text.utf8)
    guard
      let place = try understood(at: 0, { () throws(MalformedText) in try index.place(of: target) })
    else { return nil }
    let block = try block(at: place, through: &cache)
    return try understood(at: place) { () throws(MalformedText) in
      var cursor = BlockCursor(block)
      guard try cursor.seek(target), cursor.key.elementsEqual(target) else { return nil }
      return try cursor.entry()
    }
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
  func block(at place: Int) throws(StorageError) -> Block {
    let handle = try understood(at: place) { () throws(MalformedText) in try index.handle(at: place)
    }
    let bytes = try file.read(at: handle.offset, count: handle.length)
    let actual = Checksum.byProcessor(of: bytes)
    guard actual == handle.checksum else {
      let (found, said) = (Checksum.text(actual), Checksum.text(handle.checksum))
      let reason = "the checksum of this block is \(found), and the index says \(said)"
      throw .corrupt(file: file.path, offset: handle.offset, reason: reason)
    }
    return try understood(at: place) { () throws(MalformedText) in try Block(bytes) }
  }

  /// Runs what reads a verified block. Where that makes no sense all the same, says which block.
  func understood<Result>(
    at place: Int, _ read: () throws(MalformedText) -> Result
  ) throws(StorageError) -> Result {
    do throws(MalformedText) { return try read() } catch { throw damage(error, at: place) }
  }

  /// The error for the block at `place`, whose bytes make no sense at `error`'s offset.
  func damage(_ error: MalformedText, at place: Int) -> StorageError {
    let offset = ((try? index.handle(at: place))?.offset ?? 0) + error.offset
    return .corrupt(file: file.path, offset: offset, reason: error.reason)
  }
}
