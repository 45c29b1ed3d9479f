import Synchronization

/// How long operations took.
///
/// All sets are timed: one in thousands waits for a flush or a merge, and that is the one of interest. Of
/// gets, one in sixteen is timed, since reading a clock for each would lower their rate.
final class Latencies: Sendable {
  private let interval: UInt64
  private let times = Mutex<[Duration]>([])

  private init(interval: UInt64) {
    self.interval = interval
  }

  /// Times all operations.
  convenience init() { self.init(interval: 1) }

  /// Times one operation in sixteen.
  static var sampled: Latencies { Latencies(interval: 16) }

  /// Chosen by a hash. Every sixteenth might never, or always, be the one that fills a memtable.
  func isTimed(_ operation: Int) -> Bool {
    interval == 1 || Workload.mix(UInt64(operation)) % interval == 0
  }

  func time<Result>(_ operation: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try operation()
    let time = ContinuousClock.now - start
    times.withLock { $0.append(time) }
    return result
  }

  var count: Int { times.withLock { $0.count } }

  /// The times that these percentages of the operations did not exceed, in microseconds. O(n log n).
  func percentiles(_ percents: [Double]) -> [Double] {
    let sorted = times.withLock { $0.sorted() }
    return percents.map { percent in
      if sorted.isEmpty { return 0 }
      let index = min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))
      return sorted[index] / .microseconds(1)
    }
  }
}
