import Basics
import NIOHTTP1
package import Week1Memory

/// What the target of a request names (RFC 9112, 3.2). Nothing is made canonical first: `/a` is a key,
/// and `/a/` and `//a` are not.
package enum Target: Equatable {
  case start
  case health
  case stats
  case metrics
  /// `/scan` with a query string. Without one it is the key `scan`.
  case scan(query: String)
  case key(Key)

  /// Reads the target of a request line. Throws the rule that it breaks.
  package init(target: String) throws(Refusal) {
    let target = try Self.originForm(target)
    let end = target.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    let path = target[target.index(after: target.startIndex)..<(end ?? target.endIndex)]
    if path.isEmpty {
      self = .start
    } else if let slash = path.firstIndex(of: UInt8(ascii: "/")) {
      self = try Self.page(path, slash)
    } else if let end {
      self = try Self.query(path, target[end...])
    } else {
      self = .key(try Self.key(path))
    }
  }

  /// The target from its path on. A proxy's client sends `http://host/path` (RFC 9112, 3.2.2), and a
  /// server has to take that too.
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

  /// An address of two segments or more. A monitor may add a query to it, which changes nothing.
  private static func page(
    _ path: Substring.UTF8View, _ slash: Substring.UTF8View.Index
  ) throws(Refusal) -> Target {
    guard path[..<slash].elementsEqual("-".utf8) else {
      throw Refusal(
        .badRequest, "a key is one segment of the path; a / inside a key is written %2F")
    }
    switch Substring(path[path.index(after: slash)...]) {
    case "health": return .health
    case "stats": return .stats
    case "metrics": return .metrics
    default: throw Refusal(.notFound, "there are /-/health, /-/stats and /-/metrics, and no other")
    }
  }

  /// An address of one segment with a `?` or `#`. Both can be part of a key, so to leave out what
  /// follows would answer for another key than the client meant.
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

  /// The key that a segment of a path, or a value in a query, stands for.
  static func key(_ segment: Substring.UTF8View) throws(Refusal) -> Key {
    do {
      guard segment.contains(UInt8(ascii: "%")) else { return try Key(Bytes(segment)) }
      return try Key(Bytes(PercentEscapes.decode(segment)))
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(.badRequest, "\(error)")
    }
  }
}
