import Basics
public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks

/// A block table with a Bloom filter of its keys, which stays in memory as long as the table is
/// open. A get of a key that the table does not have almost never reads a block.
public final class FilteredTable: LeveledTable {
  /// What is needed to write and open a table.
  public struct Options: Sendable {
    let blocks: BlockTable.Options
    let filters: FilterOptions
    let counters: FilterCounters

    public init(
      _ blocks: BlockTable.Options, filters: FilterOptions, counters: FilterCounters
    ) {
      self.blocks = blocks
      self.filters = filters
      self.counters = counters
    }
  }

  /// The name of the property that holds the filter.
  package static let property = "filter"

  private let table: BlockTable
  /// Nil if the table was written without one.
  private let filter: BloomFilter?
  private let counters: FilterCounters

  private init(_ table: BlockTable, _ options: Options) throws(StorageError) {
    self.table = table
    counters = options.counters
    filter = try table.property(Self.property) { (bytes) throws(MalformedText) in
      try BloomFilter(bytes)
    }
  }

  public var record: TableRecord { table.record }
  public var keyRange: KeyRange { table.keyRange }
  public var indexBytes: Int { table.indexBytes }
  public var filterBytes: Int { filter?.byteCount ?? 0 }

  /// The entry stored under `key`, or nil. Asks the filter first.
  public func get(_ key: Key) throws(StorageError) -> Entry? {
    mayContain(hash: Self.hash(of: key)) ? try getUnfiltered(key) : nil
  }

  /// The hash of a key for the filters, so that a get which asks several tables hashes its key once.
  package static func hash(of key: Key) -> UInt64 { XXHash64.of(key.bytes) }

  /// False only if the table has no key with this hash.
  package func mayContain(hash: UInt64) -> Bool {
    guard let filter, !filter.mayContain(hash: hash) else { return true }
    counters.rejections.add()
    return false
  }

  /// The entry stored under a key that has passed the filter.
  package func getUnfiltered(_ key: Key) throws(StorageError) -> Entry? {
    counters.tablesRead.add()
    let entry = try table.get(key)
    if entry == nil && filter != nil { counters.falsePositives.add() }
    return entry
  }

  /// As `getUnfiltered`, but never reads from disk.
  package func getFromCache(_ key: Key) throws(StorageError) -> CachedEntry {
    try table.getFromCache(key)
  }

  public func rows() -> BlockCursor { table.rows() }

  public func rows(from start: Key) throws(StorageError) -> BlockCursor {
    try table.rows(from: start)
  }

  /// Opens the table that `record` names. Its filter is verified with its properties.
  public static func open(
    _ record: TableRecord, in directory: Directory, _ options: Options
  ) throws(StorageError) -> FilteredTable {
    try FilteredTable(BlockTable.open(record, in: directory, options.blocks), options)
  }

  public static func write(
    number: Int, in directory: Directory, _ options: Options,
    _ next: () throws(StorageError) -> Row<Entry>?
  ) throws(StorageError) -> FilteredTable {
    var writer = try BlockTableWriter(number: number, in: directory, options.blocks)
    var filter = BloomFilterBuilder(bitsPerKey: options.filters.bitsPerKey)
    while let row = try next() {
      filter.add(row.key)
      try writer.append(row)
    }
    if let encoded = filter.encoded() { writer.setProperty(property, to: encoded) }
    return try FilteredTable(writer.finish(), options)
  }
}

/// How many reads the filters of a store have saved, and how often they were wrong.
public struct FilterCounters: Sendable {
  /// Gets of a table that read one of its blocks.
  let tablesRead = Counter("gets_tables_read")
  /// Gets of a table that its filter answered.
  let rejections = Counter("filter_rejections")
  /// Gets of a table that passed its filter and found nothing.
  let falsePositives = Counter("filter_false_positives")

  public init() {}

  public var statistics: [Statistic] {
    [tablesRead.statistic, rejections.statistic, falsePositives.statistic]
  }
}
