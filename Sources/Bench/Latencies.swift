import Synchronization

/// How long operations took. If their rate is measured, only one in sixteen is timed: reading the clock
/// twice for each would distort it.
final class Latencies: Sendable {
  static let sampling = 16

  private let microseconds = Mutex<[Double]>([])

  func time<Result>(_ operation: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try operation()
    let time = (ContinuousClock.now - start) / .microseconds(1)
    microseconds.withLock { $0.append(time) }
    return result
  }

  var count: Int { microseconds.withLock { $0.count } }

  /// The time that `percent` of the samples did not exceed, in microseconds.
  func percentile(_ percent: Double) -> Double {
    let sorted = microseconds.withLock { $0.sorted() }
    if sorted.isEmpty { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]
  }
}
