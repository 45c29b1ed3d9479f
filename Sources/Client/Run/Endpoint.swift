import Foundation
package import Scenarios

/// The server under test: where it is, and how a key becomes part of a URL.
package struct Endpoint: Sendable {
  /// The base URL, without a slash at its end.
  package let base: String

  /// Takes `http://host:port`, or https, with a path before the keys if need be.
  package init(_ url: String) throws(MalformedURL) {
    guard let parts = URLComponents(string: url) else { throw MalformedURL(url: url) }
    let isWeb = parts.scheme?.lowercased() == "http" || parts.scheme?.lowercased() == "https"
    guard isWeb, parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil else {
      throw MalformedURL(url: url)
    }
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    self.base = base
  }

  /// The URL that `request` goes to.
  package func url(of request: Request) -> String {
    switch request {
    case .put(let key, _), .get(let key, _), .delete(let key):
      "\(base)/\(Self.segment(key))"
    case .scan(let from, let to, _):
      "\(base)/scan?start=\(Self.escaped(from.text))&end=\(Self.escaped(to.text))"
    }
  }

  /// A key as one path segment. The keys `.` and `..` are escaped as well, for written plainly they
  /// would mean a directory, and an HTTP library may resolve them before it sends anything.
  private static func segment(_ key: Key) -> String {
    switch key.text {
    case ".": "%2E"
    case "..": "%2E%2E"
    default: escaped(key.text)
    }
  }

  /// Everything but RFC 3986's unreserved characters as %XX. More than a path needs, but no server
  /// can take it for anything else: a plain `+`, say, is a space to some.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      if isUnreserved(byte) {
        result.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: false
    }
  }
}

/// A URL that no server can be reached at.
package struct MalformedURL: Error, CustomStringConvertible {
  package let url: String

  package var description: String {
    "\(Excerpt.quoted(url.utf8)) is not the URL of a server; write one like http://127.0.0.1:8080"
  }
}
