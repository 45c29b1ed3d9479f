public import Disk
import Synchronization
public import Week1Memory
public import Week2LSM
public import Week4Compaction
public import Week5Leveling
public import Week6Blocks
public import Week7BloomTrie

/// A table of a store shared by many threads. It is opened at its first read, and may be closed
/// again while nobody reads it, so a store can have more tables than a process may have open files.
public final class StoreTable: LeveledTable {
  /// What is needed to write and open a table.
  public struct Options: Sendable {
    let tables: FilteredTable.Options
    let cache: TableCache
    /// Removes tables that are no longer part of the store.
    let removals: TableRemovals

    init(_ tables: FilteredTable.Options, cache: TableCache, removals: TableRemovals) {
      self.tables = tables
      self.cache = cache
      self.removals = removals
    }
  }

  public let record: TableRecord
  public let keyRange: KeyRange
  private let directory: Directory
  private let options: Options
  private let slot: TableCache.Slot
  /// Whether no future catalog names it.
  private let isObsolete = Atomic(false)

  /// A table that the manifest names and nobody has read yet.
  init(
    _ record: TableRecord, _ keyRange: KeyRange, in directory: Directory, _ options: Options,
    opened table: FilteredTable? = nil
  ) {
    self.record = record
    self.keyRange = keyRange
    self.directory = directory
    self.options = options
    slot = TableCache.Slot(nil)
    if let table { options.cache.insert(table, at: slot) }
  }

  /// The last reference is gone, and with it the last catalog that names the table.
  deinit {
    options.cache.remove(slot)
    if isObsolete.load(ordering: .acquiring) { options.removals.add(record.file) }
  }

  /// Allows the file to be removed once nobody refers to the table any more.
  func becomeObsolete() { isObsolete.store(true, ordering: .releasing) }

  /// The table, opened if necessary.
  func opened() throws(StorageError) -> FilteredTable {
    if let table = slot.opened { return table }
    // Two threads may open it at the same time; the first to finish is kept.
    let table = try FilteredTable.open(record, in: directory, options.tables)
    guard table.keyRange == keyRange else {
      throw .corrupt(
        file: "\(directory.path)/\(record.file)", offset: 0,
        reason: "its keys are not those that the manifest says")
    }
    options.cache.insert(table, at: slot)
    return table
  }

  /// The table, if it is open.
  var openedTable: FilteredTable? { slot.opened }

  public func get(_ key: Key) throws(StorageError) -> Entry? { try opened().get(key) }

  public func rows() -> StoreTableRows { StoreTableRows(self, from: nil) }

  public func rows(from start: Key) throws(StorageError) -> StoreTableRows {
    StoreTableRows(self, from: start)
  }

  public static func open(
    _ record: TableRecord, in directory: Directory, _ options: Options
  ) throws(StorageError) -> StoreTable {
    let table = try FilteredTable.open(record, in: directory, options.tables)
    return StoreTable(table.record, table.keyRange, in: directory, options, opened: table)
  }

  public static func write(
    number: Int, in directory: Directory, _ options: Options,
    _ next: () throws(StorageError) -> Row<Entry>?
  ) throws(StorageError) -> StoreTable {
    let table = try FilteredTable.write(number: number, in: directory, options.tables, next)
    return StoreTable(table.record, table.keyRange, in: directory, options, opened: table)
  }
}

/// The rows of a table, which is opened at the first row, and stays open while the cursor exists.
public struct StoreTableRows: Cursor, Sendable {
  private let table: StoreTable
  private let start: Key?
  @usableFromInline var rows: FilteredTable.Rows?

  init(_ table: StoreTable, from start: Key?) {
    self.table = table
    self.start = start
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if rows == nil { try open() }
    return try rows?.next()
  }

  @usableFromInline
  mutating func open() throws(StorageError) {
    let opened = try table.opened()
    rows =
      try start.map { (start) throws(StorageError) in try opened.rows(from: start) }
      ?? opened.rows()
  }
}
