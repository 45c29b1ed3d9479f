import Synchronization
import Testing

/// A kind of trial that the proofs count.
enum Figure: String, CaseIterable, Sendable {
  case crashStates = "crash states, distinct"
  case recoveryCrashStates = "crash states during recovery, distinct"
  case laterCrashStates = "crash states after going on, distinct"
  case policyCrashStates = "crash states without a sync per write, distinct"
  case transientFaults = "calls interrupted or shortened"
  case faults = "calls failed"
  case fullDisks = "disks filled up"
  case tamperings = "directories changed under an engine"
  case sightings = "crash states after another thread's read"
  case truncations = "files truncated"
  case flips = "bits flipped"
  case sequences = "model sequences"
  case decoderInputs = "decoder inputs"
  case plantedFaults = "planted faults"
}

/// The one place that counts: what all proofs of this run have tried, and how much of it failed.
final class Figures: Sendable {
  static let shared = Figures()

  private let total = Mutex(Findings())

  func add(_ findings: Findings) {
    total.withLock { $0.merge(findings) }
  }

  /// A table with one line for each figure that was tried at all.
  var table: String {
    let total = total.withLock { $0 }
    let rows = Figure.allCases.compactMap { figure -> [String]? in
      guard let tried = total.tried[figure] else { return nil }
      return [figure.rawValue, "\(tried)", "\(total.failed[figure, default: 0])"]
    }
    return ([["durability proofs", "tried", "failed"]] + rows)
      .map { row in
        row[0].padded(to: 52) + row[1].padded(to: 10, fromLeft: true)
          + row[2].padded(to: 8, fromLeft: true)
      }
      .joined(separator: "\n")
  }
}

/// Prints the table once all tests of the suite have run.
struct PrintsFigures: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await function()
    print("\n\(Figures.shared.table)\n")
  }
}

extension Trait where Self == PrintsFigures {
  static var printsFigures: Self { Self() }
}

extension String {
  fileprivate func padded(to width: Int, fromLeft: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - count))
    return fromLeft ? padding + self : self + padding
  }
}
