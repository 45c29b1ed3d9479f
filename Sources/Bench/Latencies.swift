import Synchronization

/// How long operations took: the slowest of all that were timed, and percentiles of one in sixteen.
///
/// Sets are all timed: one in thousands waits for a flush or a merge, and it is the one of interest. Of gets,
/// whose rate the reading of a clock would distort, only the one in sixteen is.
final class Latencies: Sendable {
  private struct Times: Sendable {
    var count = 0
    var slowest = Duration.zero
    /// Not of all operations: ten million times would be most of the memory of the process.
    var samples: [Duration] = []
  }

  private let timesAll: Bool
  private let times = Mutex(Times())

  init(ofAll timesAll: Bool = true) {
    self.timesAll = timesAll
  }

  /// Runs the operation with this number, and times it if it is one of those.
  func time<Result>(_ number: Int, _ operation: () throws -> Result) rethrows -> Result {
    let isSample = Self.isSample(number)
    guard isSample || timesAll else { return try operation() }
    let start = ContinuousClock.now
    let result = try operation()
    let time = ContinuousClock.now - start
    times.withLock { times in
      times.count += 1
      times.slowest = max(times.slowest, time)
      if isSample { times.samples.append(time) }
    }
    return result
  }

  /// Chosen by a hash. Each sixteenth would never, or always, be the one that fills a memtable.
  private static func isSample(_ number: Int) -> Bool {
    Workload.mix(UInt64(number)) % 16 == 0
  }

  /// How many operations were timed.
  var count: Int { times.withLock { $0.count } }

  /// The longest time, in microseconds.
  var slowest: Double { times.withLock { $0.slowest } / .microseconds(1) }

  /// The times that these percentages of the samples did not exceed, in microseconds. O(n log n).
  func percentiles(_ percents: [Double]) -> [Double] {
    let sorted = times.withLock { $0.samples.sorted() }
    return percents.map { percent in
      if sorted.isEmpty { return 0 }
      let index = min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))
      return sorted[index] / .microseconds(1)
    }
  }
}
