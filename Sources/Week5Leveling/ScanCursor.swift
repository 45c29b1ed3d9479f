public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The live keys of a range with their values, in order, as they were when the scan began.
///
/// The memtable and every level are merged as the scan goes on: newest wins, tombstones hide. Memory
/// is what the memtable holds of the range and a few blocks a source, whatever the range. The tables stay
/// readable for as long as the cursor is there, also when a compaction has replaced them.
public struct ScanCursor<Table: LeveledTable<Entry>>: Cursor, Sendable {
  @usableFromInline var rows: MergeCursor<RunCursor<Table>>
  @usableFromInline let end: Key

  /// Merges the memtable and `levels` from `start` up to, and without, `end`.
  @inlinable
  public init(
    from start: Key, to end: Key, _ memtable: Memtable<Entry>, _ levels: Levels<Table>
  ) throws(StorageError) {
    self.end = end
    var sources = [RunCursor<Table>(memtable.sorted(from: start, to: end))]  // The newest first.
    for table in levels[0].reversed() { sources.append(try RunCursor([table], from: start)) }
    for run in levels.tables.dropFirst() { sources.append(try RunCursor(run[...], from: start)) }
    rows = try MergeCursor(sources)
  }

  /// The next live key and its value, or nil at the end.
  @inlinable
  public mutating func next() throws(StorageError) -> Row<Value>? {
    while let row = try rows.next(), row.key < end {
      if let value = row.payload.value { return Row(row.key, value) }
    }
    return nil
  }
}

extension Memtable where Payload: RowPayload {
  /// The entries of a range, without `end`, in order. O(all entries + n log n for those n).
  public func sorted(from start: Key, to end: Key) -> [Row<Payload>] {
    entries.filter { $0.key >= start && $0.key < end }
      .sorted { $0.key < $1.key }
      .map { Row($0.key, $0.value) }
  }
}
