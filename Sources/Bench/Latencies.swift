import Synchronization

/// How long operations took: the slowest of all that were timed, and percentiles of one in sixteen.
///
/// Every set is timed: one in thousands waits for a flush or a merge, and it is the one of interest. Only one
/// get in sixteen is timed, since reading the clock for each would lower their rate.
final class Latencies: Sendable {
  private let timesAll: Bool
  private let total: Mutex<Times>

  init(ofAll timesAll: Bool = true) {
    self.timesAll = timesAll
    total = Mutex(Times(ofAll: timesAll))
  }

  /// For one thread, which must add them at its end.
  func begin() -> Times { Times(ofAll: timesAll) }

  func add(_ times: Times) { total.withLock { $0.add(times) } }

  /// How many operations were timed.
  var count: Int { total.withLock { $0.count } }

  /// The longest time, in microseconds.
  var slowest: Double { total.withLock { $0.slowest } / .microseconds(1) }

  /// The times that these percentages of the samples did not exceed, in microseconds. O(n log n).
  func percentiles(_ percents: [Double]) -> [Double] {
    let sorted = total.withLock { $0.samples.sorted() }
    return percents.map { percent in
      if sorted.isEmpty { return 0 }
      let index = min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))
      return sorted[index] / .microseconds(1)
    }
  }
}

/// The times of operations, one after the other.
struct Times: Sendable {
  private(set) var count = 0
  private(set) var slowest = Duration.zero
  /// Not of all operations: ten million times would be most of the memory of the process.
  private(set) var samples: [Duration] = []
  private let timesAll: Bool
  private var end = ContinuousClock.now

  init(ofAll timesAll: Bool) {
    self.timesAll = timesAll
  }

  /// Runs the operation with this number, and times it if it is one of those. If all are, the clock is read
  /// once for each: one begins when the one before it ends.
  mutating func time<Result>(_ number: Int, _ operation: () throws -> Result) rethrows -> Result {
    let isSample = Self.isSample(number)
    if isSample && !timesAll { end = .now }
    let result = try operation()
    if isSample || timesAll { note(isSample: isSample) }
    return result
  }

  private mutating func note(isSample: Bool) {
    let now = ContinuousClock.now
    let time = now - end
    end = now
    count += 1
    slowest = max(slowest, time)
    if isSample { samples.append(time) }
  }

  mutating func add(_ other: Times) {
    count += other.count
    slowest = max(slowest, other.slowest)
    samples += other.samples
  }

  /// Chosen by a hash. Each sixteenth would never, or always, be the one that fills a memtable.
  private static func isSample(_ number: Int) -> Bool {
    Workload.mix(UInt64(number)) % 16 == 0
  }
}
