import Foundation
package import Scenarios

/// The server under test: where it is, and how a key becomes part of a URL.
package struct Endpoint: Sendable {
  let host: String
  let port: Int
  /// The host and port as the Host field names them.
  let authority: String
  /// The path before a key's segment, without a trailing slash.
  let path: String

  /// Takes `http://host:port`, with a path before the keys if need be.
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

  /// The target that `request` asks for.
  package func target(of request: Request) -> String {
    switch request {
    case .put(let key, _), .get(let key, _), .delete(let key):
      "\(path)/\(Self.segment(key))"
    case .scan(let from, let to, _):
      "\(path)/scan?start=\(Self.escaped(from.text))&end=\(Self.escaped(to.text))"
    }
  }

  /// A key as one path segment. The keys `.` and `..` are escaped as well, for written plainly they
  /// would mean a directory, and a server or a proxy may resolve them.
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
    "\(Excerpt.quoted(url.utf8)) is not the URL of a server; write one like http://127.0.0.1:8080 (no https)"
  }
}
