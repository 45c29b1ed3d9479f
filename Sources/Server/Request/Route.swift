package import NIOHTTP1
package import Week1Memory
package import Weeks

/// What a request asks for: a method and a target that go together. `HEAD` is a `GET` whose answer
/// has no body (RFC 9110, 9.3.2).
package enum Route: Equatable, Sendable {
  case start
  case health
  case stats
  case metrics
  case get(Key)
  case set(Key)
  case delete(Key)
  case scan(ScanQuery)
}

/// The addresses of a week, and the methods that each of them takes.
package struct Routes: Sendable {
  package let week: Week

  package init(week: Week) {
    self.week = week
  }

  /// Where a request leads, from its head alone. Throws why it leads nowhere.
  package func route(
    _ method: HTTPMethod, _ target: String, _ framing: Framing, version: HTTPVersion = .http1_1
  ) throws(Refusal) -> Route {
    try framing.check(version)
    guard target.utf8.count <= ConnectionLimits.targetBytes else { throw .targetIsTooLong }
    guard keyMethods.contains(method) || method == .DELETE else {
      // Another method is 405 whatever the target is: `OPTIONS *` is no address at all.
      throw .method(allowed: (try? Target(target: target)).map(methods) ?? keyMethods)
    }
    let target = try Target(target: target)
    guard methods(target).contains(method) else { throw .method(allowed: methods(target)) }
    return try route(method, target)
  }

  private func route(_ method: HTTPMethod, _ target: Target) throws(Refusal) -> Route {
    switch target {
    case .start: return .start
    case .health: return .health
    case .stats: return .stats
    case .metrics: return .metrics
    case .scan(let query):
      guard week.scans else { throw .scanComesLater(than: week) }
      return .scan(try ScanQuery(query))
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
    case .scan: [.GET]  // The length of its answer is not known before it has been read.
    case .start, .health, .stats, .metrics: [.GET, .HEAD]
    }
  }
}
