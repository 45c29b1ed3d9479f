/// The kinds of scenario that can be generated, named after the files of the series.
package enum Workload: String, CaseIterable, Sendable {
  case put
  case putDelete = "put-delete"
  case putDeleteScan = "put-delete-scan"
  case concurrency

  /// The number of requests in a scenario by default.
  package var defaultRequests: Int { self == .putDeleteScan ? 100_000 : 30_000 }

  var deletes: Bool { self != .put }
  var scans: Bool { self == .putDeleteScan }
}
