/// A scenario file, parsed: requests in batches, each with the answer that it must get.
package struct Scenario: Sendable {
  /// A request and its place in the file.
  package struct Line: Sendable {
    /// Lines count from 1, comments and blank ones included.
    package let number: Int
    /// The line as the file has it.
    package let text: String
    package let request: Request
  }

  /// The lines between two BARRIERs; no batch is empty. All of a batch is answered before anything
  /// of the next one is sent.
  package let batches: [[Line]]

  /// Whether the file has a BARRIER: then the lines of a batch run at once. Otherwise there is one
  /// batch, and its lines run in order, one at a time.
  package let isConcurrent: Bool

  /// The number of requests.
  package var count: Int { batches.reduce(0) { $0 + $1.count } }
}
