package import Basics
import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction
public import Week5Leveling

/// The size of the blocks of a table, and of the cache that keeps them in memory.
public struct BlockOptions: Sendable {
  /// The most bytes in a data block: a page of the system by default. A larger entry gets a block
  /// of its own. Clamped to `maximumBlockLength`.
  public var blockLength: Int
  /// The number of entries from one restart point to the next. More make a block smaller, and a
  /// search in it longer.
  public var restartInterval: Int
  /// The size of the block cache in bytes.
  public var cacheBytes: Int

  /// Every offset in a block, and in an index of such blocks, fits in four bytes.
  public static let maximumBlockLength = 16 << 20

  public init(blockLength: Int = 4096, restartInterval: Int = 16, cacheBytes: Int = 8 << 20) {
    self.blockLength = blockLength
    self.restartInterval = restartInterval
    self.cacheBytes = cacheBytes
  }
}

/// The result of looking up a key in the block cache.
package enum CachedEntry: Sendable {
  /// The entry stored under the key, or nil.
  case entry(Entry?)
  case notCached
}

/// A sorted string table in blocks: an immutable binary file of entries sorted by key, each key once.
///
/// Its index is in memory. A `get` reads one block, from the cache or from disk; every block that
/// is read from disk is verified.
public final class BlockTable: Sendable {
  public let record: TableRecord
  public let keyRange: KeyRange
  private let properties: TableProperties
  private let propertiesOffset: Int
  let index: BlockIndex
  private let file: File
  private let cached: any CachedBlocks

  /// The options and the cache with which a table is written and opened.
  public struct Options: Sendable {
    let blocks: BlockOptions
    let cache: any BlockCaching

    public init(_ blocks: BlockOptions, cache: any BlockCaching) {
      self.blocks = blocks
      self.cache = cache
    }
  }

  public static var fileExtension: String { "blocks" }

  init(
    _ record: TableRecord, number: Int, properties: TableProperties, at propertiesOffset: Int,
    index: BlockIndex, file: consuming File, cache: any BlockCaching
  ) {
    self.record = record
    self.properties = properties
    self.propertiesOffset = propertiesOffset
    keyRange = properties.firstKey...properties.lastKey
    self.index = index
    self.file = file
    cached = cache.blocks(ofTable: number, count: index.count)
  }

  /// Decodes what a later week has stored in this table under `name`; nil if there is nothing. If
  /// `decode` throws, the error names the file and the offset of the properties.
  package func property<Property>(
    _ name: String, _ decode: (Bytes) throws(MalformedText) -> Property
  ) throws(StorageError) -> Property? {
    guard let bytes = properties.others[name] else { return nil }
    do throws(MalformedText) {
      return try decode(bytes)
    } catch {
      throw .corrupt(file: file.path, offset: propertiesOffset, reason: error.reason)
    }
  }

  /// The memory that the index takes, in bytes.
  public var indexBytes: Int { index.bytes }

  /// The entry stored under `key`, or nil. Reads at most one block.
  public func get(_ key: Key) throws(StorageError) -> Entry? {
    let index = index.blockIndex(of: key)
    return try entry(of: key, in: try cachedBlock(at: index), at: index)
  }

  /// As `get`, but never reads from disk.
  package func getFromCache(_ key: Key) throws(StorageError) -> CachedEntry {
    let index = index.blockIndex(of: key)
    guard let block = cached.block(at: index) else { return .notCached }
    return .entry(try entry(of: key, in: block, at: index))
  }

  private func entry(
    of key: Key, in block: Block, at index: Int
  ) throws(StorageError) -> Entry? {
    try decoding(blockAt: index) { () throws(MalformedText) in
      try block.payload(of: key.bytes).map { (payload) throws(MalformedText) in
        try Entry(in: block.bytes, at: payload)
      }
    }
  }

  /// Appends the rows of block `first`, and of more blocks up to `count` as long as they are within
  /// `readLength` bytes. Returns the index after the last one. Bypasses the cache, so that a full
  /// scan does not evict hot blocks.
  func appendRows(
    to rows: inout [Row<Entry>], fromBlock first: Int, count: Int
  ) throws(StorageError) -> Int {
    var handles = [index.handle(at: first)]
    let start = handles[0].offset
    while handles.count < count, first + handles.count < index.count {
      let next = index.handle(at: first + handles.count)
      if next.end - start > Self.readLength { break }
      handles.append(next)
    }
    let bytes = try file.read(at: start, count: handles[handles.count - 1].end - start)
    for (i, handle) in handles.enumerated() {
      let range = (handle.offset - start..<handle.end - start).clamped(to: bytes.indices)
      let block = try verifiedBlock(Array(bytes[range]), handle)
      try decoding(blockAt: first + i) { () throws(MalformedText) in
        try block.appendRows(to: &rows, within: index.bounds(at: first + i, in: keyRange))
      }
    }
    return first + handles.count
  }

  private static let readLength = 1 << 16

  private func cachedBlock(at index: Int) throws(StorageError) -> Block {
    if let block = cached.block(at: index) { return block }
    let handle = self.index.handle(at: index)
    var room = cached.makeRoom(forBlockAt: index, count: handle.length)
    let isWanted = room != nil
    var bytes = room.take() ?? []  // The only reference, or the memory would be copied.
    try file.read(at: handle.offset, count: handle.length, into: &bytes)
    let block = try verifiedBlock(bytes, handle)
    // Once is enough: from then on the checksum vouches for what was verified.
    if !cached.isVerified(blockAt: index) {
      try decoding(blockAt: index) { () throws(MalformedText) in
        try block.verify(within: self.index.bounds(at: index, in: keyRange))
      }
      cached.noteVerified(blockAt: index)
    }
    if isWanted { cached.insert(block, at: index) }
    return block
  }

  /// The block that was read from where `handle` points, if it has the checksum in there.
  private func verifiedBlock(
    _ bytes: [UInt8], _ handle: BlockHandle
  ) throws(StorageError) -> Block {
    let actual = Checksum.of(bytes)
    guard actual == handle.checksum else {
      let (found, expected) = (Checksum.text(actual), Checksum.text(handle.checksum))
      let reason = "the checksum of this block is \(found), and the index says \(expected)"
      throw .corrupt(file: file.path, offset: handle.offset, reason: reason)
    }
    do {
      return try Block(bytes)
    } catch {
      throw .corrupt(file: file.path, offset: handle.offset + error.offset, reason: error.reason)
    }
  }

  /// Runs `decode` on a block whose checksum is correct. If it throws all the same, the error has
  /// the offset in the file.
  private func decoding<Result>(
    blockAt index: Int, _ decode: () throws(MalformedText) -> Result
  ) throws(StorageError) -> Result {
    do throws(MalformedText) {
      return try decode()
    } catch {
      let offset = self.index.handle(at: index).offset + error.offset
      throw .corrupt(file: file.path, offset: offset, reason: error.reason)
    }
  }
}
