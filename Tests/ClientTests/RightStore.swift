import Foundation
import Synchronization

/// A key-value store that answers every call correctly, by simple means: it sorts for each scan.
final class RightStore: Sendable {
  private let values = Mutex<[String: String]>([:])

  func answer(_ call: Call) -> Reply {
    if let range = call.scanRange {
      let keys = values.withLock { $0.keys.filter { range.from <= $0 && $0 < range.to }.sorted() }
      return .status(200, keys.joined(separator: ","))
    }
    switch call.method {
    case "PUT", "DELETE", "POST":
      values.withLock { values in
        for write in call.writes { values[write.key] = write.value }
      }
      return .status(call.method == "DELETE" ? 202 : 200)
    default:
      let value = values.withLock { $0[call.key] }
      return value.map { .status(200, $0) } ?? .status(404, "no such key")
    }
  }
}

extension Call {
  /// The key in the path.
  var key: String { String(uri.dropFirst()).removingPercentEncoding ?? "" }

  /// What a PUT, a DELETE or a batch writes; nil for a delete. (Nothing in it is escaped.)
  var writes: [(key: String, value: String?)] {
    if method != "POST" { return [(key, method == "PUT" ? body : nil)] }
    return body.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      return (words[1], words[0] == "PUT" ? words[2] : nil)
    }
  }

  /// The range of `/scan?start=...&end=...`; nil for any other URI.
  var scanRange: (from: String, to: String)? {
    guard uri.hasPrefix("/scan?start=") else { return nil }
    let ends = uri.dropFirst("/scan?start=".count).components(separatedBy: "&end=")
    guard ends.count == 2 else { return nil }
    return (ends[0].removingPercentEncoding ?? "", ends[1].removingPercentEncoding ?? "")
  }
}
