import Synchronization

/// How long operations took, of which one in sixteen is timed: two readings of the clock for each would be a
/// part of what is measured.
final class Latencies: Sendable {
  static let sampling = 16

  private let microseconds = Mutex<[Double]>([])

  func time(_ operation: () throws -> Void) rethrows {
    let time = try ContinuousClock().measure(operation) / .microseconds(1)
    microseconds.withLock { $0.append(time) }
  }

  /// What so many of a hundred samples did not exceed.
  func percentile(_ percent: Double) -> Double {
    let sorted = microseconds.withLock { $0.sorted() }
    if sorted.isEmpty { return 0 }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percent / 100))]
  }
}
