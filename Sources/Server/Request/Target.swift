import NIOHTTP1
package import Week1Memory
package import Weeks

/// What the target of a request names (RFC 9112, 3.2). Targets are not normalized: `/a` is a key,
/// and `/a/` and `//a` are not.
package enum Target: Equatable {
  case start
  case health
  case stats
  case metrics
  case batch
  case snapshots
  /// The snapshot with that name, if there is one.
  case snapshot(String)
  /// `/scan` with a query string. Without one it is the key `scan`.
  case scan(query: String)
  case key(Key)

  /// Reads the target of a request line. Throws the rule of the week that it breaks.
  package init(target: String, _ week: Week) throws(Refusal) {
    let target = try Self.originForm(target)
    let end = target.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    let path = target[target.index(after: target.startIndex)..<(end ?? target.endIndex)]
    if path.isEmpty {
      self = .start
    } else if let slash = path.firstIndex(of: UInt8(ascii: "/")) {
      self = try Self.page(path, slash, week)
    } else if let end {
      self = try Self.query(path, target[end...])
    } else {
      self = .key(try week.key(escaped: path))
    }
  }

  /// The target from its path on. A client of a proxy sends `http://host/path`, which a server must
  /// accept too (RFC 9112, 3.2.2).
  private static func originForm(_ target: String) throws(Refusal) -> Substring.UTF8View {
    let whole = target[...].utf8
    if whole.first == UInt8(ascii: "/") { return whole }
    guard let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) })
    else { throw Refusal(.badRequest, "the target of a request begins with a /") }
    let authority = whole.dropFirst(scheme.utf8.count)
    let end = authority.firstIndex { [UInt8(ascii: "/"), UInt8(ascii: "?")].contains($0) }
    guard let end, authority[end] == UInt8(ascii: "/") else { return "/"[...].utf8 }
    return authority[end...]
  }

  /// An address of two or more segments. A query, which a monitor may add, changes nothing.
  private static func page(
    _ path: Substring.UTF8View, _ slash: Substring.UTF8View.Index, _ week: Week
  ) throws(Refusal) -> Target {
    guard path[..<slash].elementsEqual("-".utf8) else {
      throw Refusal(
        .badRequest, "a key is one segment of the path; a / inside a key is written %2F")
    }
    let name = Substring(path[path.index(after: slash)...])
    switch name {
    case "health": return .health
    case "stats": return .stats
    case "metrics": return .metrics
    case "batch" where week.isConcurrent: return .batch
    case "snapshots" where week.isConcurrent: return .snapshots
    case _ where week.isConcurrent && name.hasPrefix("snapshots/"):
      return .snapshot(String(name.dropFirst("snapshots/".count)))
    default: throw .pageIsAbsent(name, week)
    }
  }

  /// An address of one segment with a `?` or `#`. Both may be meant as part of a key, so ignoring
  /// the rest could answer for another key than the client meant.
  private static func query(
    _ path: Substring.UTF8View, _ rest: Substring.UTF8View
  ) throws(Refusal) -> Target {
    if rest.first == UInt8(ascii: "#") {
      throw Refusal(.badRequest, "a key takes no fragment; a # inside a key is written %23")
    }
    guard path.elementsEqual("scan".utf8) else {
      throw Refusal(.badRequest, "a key takes no query; a ? inside a key is written %3F")
    }
    return .scan(query: String(Substring(rest.dropFirst())))
  }
}
