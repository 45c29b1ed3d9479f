package import NIOHTTP1
package import Week1Memory
package import Weeks

/// What a request asks for: a valid combination of method and target. `HEAD` is a `GET` whose
/// answer has no body (RFC 9110, 9.3.2).
package enum Route: Equatable, Sendable {
  case start
  case health
  case stats
  case metrics
  case get(Key)
  case set(Key)
  case delete(Key)
  case scan(ScanQuery)
  case batch
  case takeSnapshot
  case releaseSnapshot(String)
}

/// The addresses of a week, and the methods that each of them takes.
package struct Routes: Sendable {
  package let week: Week

  package init(week: Week) {
    self.week = week
  }

  /// The route of a request, from its head alone. Throws why there is none.
  package func route(
    _ method: HTTPMethod, _ target: String, _ framing: Framing, version: HTTPVersion = .http1_1
  ) throws(Refusal) -> Route {
    try framing.check(version)
    guard target.utf8.count <= ConnectionLimits.targetBytes else { throw .targetIsTooLong }
    let known = try self.target(target, method)
    guard methods(known).contains(method) else { throw .method(allowed: methods(known)) }
    let route = try route(method, known)
    if framing.snapshot != nil, week.isConcurrent, route.writes { throw .snapshotIsOnlyRead }
    return route
  }

  /// With a method that no key takes, even an invalid target is answered with 405: `OPTIONS *` is
  /// not an address at all.
  private func target(_ target: String, _ method: HTTPMethod) throws(Refusal) -> Target {
    do throws(Refusal) {
      return try Target(target: target, week)
    } catch {
      if keyMethods.contains(method) || method == .DELETE { throw error }
      throw .method(allowed: keyMethods, error.status == .notFound ? error.line : nil)
    }
  }

  private func route(_ method: HTTPMethod, _ target: Target) throws(Refusal) -> Route {
    switch target {
    case .start: return .start
    case .health: return .health
    case .stats: return .stats
    case .metrics: return .metrics
    case .scan(let query):
      guard week.scans else { throw .scanComesLater(than: week) }
      return .scan(try ScanQuery(query, week))
    case .batch: return .batch
    case .snapshots: return .takeSnapshot
    case .snapshot(let name): return .releaseSnapshot(name)
    case .key(let key):
      switch method {
      case .PUT: return .set(key)
      case .DELETE: return .delete(key)
      default: return .get(key)
      }
    }
  }

  var keyMethods: [HTTPMethod] {
    week.deletes ? [.GET, .HEAD, .PUT, .DELETE] : [.GET, .HEAD, .PUT]
  }

  private func methods(_ target: Target) -> [HTTPMethod] {
    switch target {
    case .key: keyMethods
    case .scan: [.GET]  // No HEAD: the length of the answer is unknown until it is read.
    case .batch, .snapshots: [.POST]
    case .snapshot: [.DELETE]
    case .start, .health, .stats, .metrics: [.GET, .HEAD]
    }
  }
}

extension Route {
  fileprivate var writes: Bool {
    switch self {
    case .set, .delete, .batch: true
    default: false
    }
  }
}
