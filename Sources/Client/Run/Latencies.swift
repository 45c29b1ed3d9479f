import Histogram
package import Scenarios

/// The latencies of the answers, by kind of request.
///
/// A high dynamic range histogram keeps three digits of every value in fixed memory, so the 99th
/// percentile of a long run costs no more than that of a short one.
package struct Latencies: Sendable {
  private var histograms: [Request.Kind: Histogram<UInt64>] = [:]

  /// In nanoseconds, up to an hour, which is more than any timeout.
  private static let range: ClosedRange<UInt64> = 1_000...3_600_000_000_000

  /// No answers yet.
  package init() {}

  /// Counts one answer.
  package mutating func record(_ latency: Duration, for kind: Request.Kind) {
    let (seconds, attoseconds) = latency.components
    let nanoseconds = UInt64(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    histograms[kind, default: Self.emptyHistogram].record(min(nanoseconds, Self.range.upperBound))
  }

  /// The number of answers to this kind of request.
  package func count(of kind: Request.Kind) -> UInt64 {
    histograms[kind]?.totalCount ?? 0
  }

  /// The latency, in nanoseconds, that this percentage of the answers did not exceed.
  package func percentile(_ percent: Double, of kind: Request.Kind) -> UInt64 {
    guard let histogram = histograms[kind] else { return 0 }
    // The histogram returns the end of a bucket, which may be above the largest recorded value.
    return min(histogram.valueAtPercentile(percent), histogram.maxRecorded)
  }

  /// The longest latency, in nanoseconds.
  package func longest(of kind: Request.Kind) -> UInt64 {
    histograms[kind]?.maxRecorded ?? 0
  }

  private static var emptyHistogram: Histogram<UInt64> {
    Histogram(
      lowestDiscernibleValue: range.lowerBound, highestTrackableValue: range.upperBound,
      numberOfSignificantValueDigits: .three)
  }
}
