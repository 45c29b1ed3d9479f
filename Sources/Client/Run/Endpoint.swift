import Foundation
package import Scenarios

/// The server under test: its address, and how a key becomes part of a URL.
package struct Endpoint: Sendable {
  let host: String
  let port: Int
  /// The host and port as in the Host field.
  let authority: String
  /// The path before a key's segment, without a trailing slash.
  let path: String

  /// Takes `http://host:port`, optionally with a path to precede the keys.
  package init(_ url: String) throws(MalformedURL) {
    guard let parts = URLComponents(string: url), parts.scheme?.lowercased() == "http",
      let host = parts.host, !host.isEmpty, parts.query == nil, parts.fragment == nil,
      parts.user == nil
    else { throw MalformedURL(url: url) }
    self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    port = parts.port ?? 80
    authority = parts.port.map { "\(host):\($0)" } ?? host
    var path = parts.percentEncodedPath
    while path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The request target for `request`.
  package func target(of request: Request) -> String {
    switch request {
    case .put(let key, _), .get(let key, _), .delete(let key):
      "\(path)/\(Self.segment(key))"
    case .scan(let from, let to, _):
      "\(path)/scan?start=\(Self.escaped(from.text))&end=\(Self.escaped(to.text))"
    }
  }

  /// A key as one path segment. The keys `.` and `..` are escaped as well: unescaped they would
  /// mean a directory, and a server or proxy may resolve them.
  private static func segment(_ key: Key) -> String {
    switch key.text {
    case ".": "%2E"
    case "..": "%2E%2E"
    default: escaped(key.text)
    }
  }

  /// Escapes everything but RFC 3986's unreserved characters as %XX. More than a path needs, but no
  /// server can misread it: some take a plain `+` for a space.
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

/// A URL at which no server can be reached.
package struct MalformedURL: Error, CustomStringConvertible {
  package let url: String

  package var description: String {
    "\(Excerpt.quoted(url.utf8)) is not the URL of a server; write one like http://127.0.0.1:8080 (no https)"
  }
}
