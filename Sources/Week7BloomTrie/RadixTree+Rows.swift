public import Week1Memory
public import Week2LSM

extension RadixTree {
  /// Calls `body` for every row, in the order of keys. O(n), and no row is copied.
  @inlinable
  public func forEachRow<Failure: Error>(
    _ body: (Row<Payload>) throws(Failure) -> Void
  ) throws(Failure) {
    var walk = index.walk(from: nil)
    while let row = index.next(of: &walk) { try body(rows[row]) }
  }

  /// The rows from `start` up to, but without, `end`, in the order of keys, as they are now. Without a
  /// `start` they begin with the first row, without an `end` they go on to the last.
  ///
  /// O(length of `start` + rows in the range): at most one row before the range is looked at, and at
  /// most one after it.
  @inlinable
  public func rows(from start: Key?, to end: Key?) -> [Row<Payload>] {
    var inRange: [Row<Payload>] = []
    var walk = index.walk(from: start?.bytes)
    while let next = index.next(of: &walk) {
      let row = rows[next]
      if let end, row.key >= end { break }
      if let start, inRange.isEmpty, row.key < start { continue }
      inRange.append(row)
    }
    return inRange
  }
}

extension RadixTree {
  /// What a ``Memtable`` says, and how many nodes there are of each kind.
  public var statistics: [Statistic] {
    [.gauge("memtable_entries", count), .gauge("memtable_bytes", bytes)]
      + NodeKind.allCases.map { .gauge("memtable_node\($0.capacity)s", index.nodes.count(of: $0)) }
  }
}
