public import Week1Memory
public import Week2LSM

extension RadixTree {
  /// Calls `body` for every row, in the order of keys. O(n), without a copy of the rows.
  public func forEachRow<Failure: Error>(
    _ body: (Row<Payload>) throws(Failure) -> Void
  ) throws(Failure) {
    var walk = index.walk(from: nil)
    while let row = index.next(of: &walk) { try body(rows[row]) }
  }

  /// The rows of a range as they are now, in the order of keys, without `end`. A bound that is nil does not
  /// bound.
  ///
  /// O(length of `start` + rows in the range), and the same in memory: of the rows before the range and of
  /// those after it, at most one is looked at.
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
      + NodeKind.allCases.map { .gauge("memtable_\($0)s", index.nodes.count(of: $0)) }
  }
}
