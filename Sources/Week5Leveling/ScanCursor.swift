public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The live keys of a range with their values, in order, as they were when the scan began.
public protocol Scan: Cursor<Value>, Sendable {
  /// The live rows among the next `limit` rows, tombstones included, so possibly none; nil at the
  /// end. Bounds the work of one call: `next` may examine any number of rows.
  mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]?
}

/// Merges a memtable and every level as the scan proceeds: the newest row of a key counts, and
/// tombstones hide older rows.
///
/// It needs memory for a cursor over the memtable and a few blocks per table, whatever the range. The
/// tables remain readable as long as the cursor exists, even after a compaction has replaced them.
public struct ScanCursor<Memory: Cursor<Entry> & Sendable, Table: LeveledTable<Entry>>: Scan {
  @usableFromInline var rows: MergeCursor<Source>
  @usableFromInline let end: Key

  /// A cursor over the memtable, or over a run of tables.
  @usableFromInline
  struct Source: Cursor, Sendable {
    @usableFromInline var memory: Memory?
    @usableFromInline var run: RunCursor<Table>?

    @inlinable
    init(memory: Memory? = nil, run: RunCursor<Table>? = nil) {
      self.memory = memory
      self.run = run
    }

    @inlinable
    mutating func next() throws(StorageError) -> Row<Entry>? {
      if run != nil { return try run?.next() }
      return try memory?.next()
    }
  }

  /// Merges `memory` and `levels` from `start` up to but excluding `end`.
  @inlinable
  public init(
    from start: Key, to end: Key, memory: Memory, levels: Levels<Table>
  ) throws(StorageError) {
    self.end = end
    var sources = [Source(memory: memory)]  // From newest to oldest.
    for table in levels[0].reversed() {
      sources.append(Source(run: try RunCursor([table], from: start)))
    }
    for run in levels.tables.dropFirst() {
      sources.append(Source(run: try RunCursor(run[...], from: start)))
    }
    rows = try MergeCursor(sources)
  }

  @inlinable
  public mutating func next() throws(StorageError) -> Row<Value>? {
    while let row = try rows.next(), row.key < end {
      if let value = row.payload.value { return Row(row.key, value) }
    }
    return nil
  }

  @inlinable
  public mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]? {
    var live: [Row<Value>] = []
    for examined in 0..<limit {
      guard let row = try rows.next(), row.key < end else { return examined == 0 ? nil : live }
      if let value = row.payload.value { live.append(Row(row.key, value)) }
    }
    return live
  }
}

/// A scan of a store with JSON tables. Not generic, so that the compiler specializes the merge.
public struct LeveledScan: Scan {
  private var cursor: ScanCursor<SortedRows<Entry>, SSTable<Entry>>

  init(_ cursor: ScanCursor<SortedRows<Entry>, SSTable<Entry>>) {
    self.cursor = cursor
  }

  public mutating func next() throws(StorageError) -> Row<Value>? { try cursor.next() }

  public mutating func next(examining limit: Int) throws(StorageError) -> [Row<Value>]? {
    try cursor.next(examining: limit)
  }
}

/// Rows in memory, already sorted.
public struct SortedRows<Payload: RowPayload>: Cursor, Sendable {
  @usableFromInline let rows: [Row<Payload>]
  @usableFromInline var index = 0

  @inlinable
  public init(_ rows: [Row<Payload>]) {
    self.rows = rows
  }

  @inlinable
  public mutating func next() -> Row<Payload>? {
    guard index < rows.count else { return nil }
    defer { index += 1 }
    return rows[index]
  }
}

extension Memtable where Payload: RowPayload {
  /// The rows from `start` up to but excluding `end`. O(all entries + n log n for the n in the range).
  public func rows(from start: Key, to end: Key) -> SortedRows<Payload> {
    let inRange = entries.filter { $0.key >= start && $0.key < end }
    return SortedRows(inRange.map { Row($0.key, $0.value) }.sorted { $0.key < $1.key })
  }
}
