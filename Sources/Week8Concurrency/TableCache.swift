import Synchronization
public import Week1Memory
import Week7BloomTrie

/// Keeps a bounded number of tables open, with their index and filter in memory.
///
/// It evicts by the clock algorithm (Corbató, 1968), an approximation of least recently used: a
/// read only marks its table, and takes no lock that all tables share.
public final class TableCache: Sendable {
  private struct Clock: Sendable {
    var tables: [Slot] = []
    var hand = 0
  }

  /// Holds a table while it is open.
  final class Slot: Sendable {
    private let table: Mutex<FilteredTable?>
    private let isUsed = Atomic(true)

    init(_ table: FilteredTable?) {
      self.table = Mutex(table)
    }

    /// The table, if it is open. Counts as a use.
    var opened: FilteredTable? {
      if !isUsed.load(ordering: .relaxed) { isUsed.store(true, ordering: .relaxed) }
      return table.withLock { $0 }
    }

    /// Returns false if another thread has filled it meanwhile.
    fileprivate func fill(_ new: FilteredTable) -> Bool {
      table.withLock { table in
        if table != nil { return false }
        table = new
        return true
      }
    }

    /// Closes the table, unless it was used since the last call. A reader that has it continues.
    fileprivate func evict(always: Bool) -> Bool {
      if isUsed.exchange(false, ordering: .relaxed) && !always { return false }
      table.withLock { $0 = nil }
      return true
    }
  }

  private let capacity: Int
  private let clock = Mutex(Clock())
  private let opens = Counter("table_opens")

  /// Keeps at most `capacity` tables open, but at least one. Readers may keep a few more open while
  /// they read.
  public init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// Puts an open table into its slot, and closes another if there are too many.
  func insert(_ table: FilteredTable, at slot: Slot) {
    opens.add()
    guard slot.fill(table) else { return }
    clock.withLock { clock in
      if clock.tables.count < capacity { return clock.tables.append(slot) }
      // The second time round, evicts even a table that a reader has just marked.
      for step in 1...2 * clock.tables.count {
        clock.hand = (clock.hand + 1) % clock.tables.count
        if clock.tables[clock.hand].evict(always: step > clock.tables.count) { break }
      }
      clock.tables[clock.hand] = slot
    }
  }

  /// Forgets the slot of a table that is gone.
  func remove(_ slot: Slot) {
    clock.withLock { clock in
      clock.tables.removeAll { $0 === slot }
    }
  }

  public var statistics: [Statistic] {
    [.gauge("tables_open", clock.withLock { $0.tables.count }), opens.statistic]
  }
}
