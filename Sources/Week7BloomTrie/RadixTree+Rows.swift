public import Week1Memory
public import Week2LSM

extension RadixTree {
  /// Calls `body` for every row, in key order. O(n), and no row is copied.
  @inlinable
  public func forEachRow<Failure: Error>(
    _ body: (Row<Payload>) throws(Failure) -> Void
  ) throws(Failure) {
    var walk = index.walk(from: nil)
    while let row = index.next(of: &walk) { try body(rows[row]) }
  }

  /// The rows from `start` up to but excluding `end`, in key order, as they are now. A nil `start`
  /// means from the first row, a nil `end` to the last.
  ///
  /// O(length of `start` + rows in the range): examines at most one row before the range and one
  /// after it.
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
  /// The statistics of a ``Memtable``, and the number of nodes of each kind.
  public var statistics: [Statistic] {
    [.gauge("memtable_entries", count), .gauge("memtable_bytes", bytes)]
      + NodeKind.allCases.map { .gauge("memtable_node\($0.capacity)s", index.nodes.count(of: $0)) }
  }
}
