/// The kinds of scenario that can be generated, named as the series names its files.
package enum Workload: String, CaseIterable, Sendable {
  case put
  case putDelete = "put-delete"
  case putDeleteScan = "put-delete-scan"
  case concurrency

  /// How many requests a scenario has unless told otherwise.
  package var defaultRequests: Int { self == .putDeleteScan ? 100_000 : 30_000 }

  var deletes: Bool { self != .put }
  var scans: Bool { self == .putDeleteScan }
}
