import Synchronization

/// How long operations took. Only one in sixteen is timed: reading the clock twice for each would
/// distort the measurement.
final class Latencies: Sendable {
  static let sampling = 16

  private let microseconds = Mutex<[Double]>([])

  func time(_ operation: () throws -> Void) rethrows {
    let time = try ContinuousClock().measure(operation) / .microseconds(1)
    microseconds.withLock { $0.append(time) }
  }

  /// The time that `percent` of the samples did not exceed, in microseconds.
  func percentile(_ percent: Double) -> Double {
    let sorted = microseconds.withLock { $0.sorted() }
    if sorted.isEmpty { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]
  }
}
