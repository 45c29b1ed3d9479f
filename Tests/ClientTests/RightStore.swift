import Foundation
import Synchronization

/// A key-value store that answers every call rightly, the long way round: it sorts for each scan.
final class RightStore: Sendable {
  private let values = Mutex<[String: String]>([:])

  func answer(_ call: Call) -> Reply {
    if let range = call.scanRange {
      let keys = values.withLock { $0.keys.filter { range.from <= $0 && $0 < range.to }.sorted() }
      return .status(200, keys.joined(separator: ","))
    }
    switch call.method {
    case "PUT":
      values.withLock { $0[call.key] = call.body }
      return .status(200)
    case "DELETE":
      values.withLock { $0[call.key] = nil }
      return .status(202)
    default:
      let value = values.withLock { $0[call.key] }
      return value.map { .status(200, $0) } ?? .status(404, "no such key")
    }
  }
}

extension Call {
  /// The key in the path.
  var key: String { String(uri.dropFirst()).removingPercentEncoding ?? "" }

  /// The range of `/scan?start=...&end=...`; nil for any other URI.
  var scanRange: (from: String, to: String)? {
    guard uri.hasPrefix("/scan?start=") else { return nil }
    let ends = uri.dropFirst("/scan?start=".count).components(separatedBy: "&end=")
    guard ends.count == 2 else { return nil }
    return (ends[0].removingPercentEncoding ?? "", ends[1].removingPercentEncoding ?? "")
  }
}
