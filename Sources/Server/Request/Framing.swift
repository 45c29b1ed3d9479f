package import NIOHTTP1

/// The header fields that decide how a request is read, collected in one pass.
///
/// The decoder has checked their syntax. This checks what RFC 9112 leaves to a server. The rules
/// about where a message ends guard against request smuggling: if a proxy and we disagreed about an
/// end, one client's body would be read as another's request.
package struct Framing {
  private var hosts: [String] = []
  private var transferCodings: [Substring] = []
  private var bytes = 0
  private var longestField = 0
  private var count = 0
  private var expectation: String?
  private(set) var contentLength: String?
  private(set) var asksForUpgrade = false
  /// The snapshot to read, from week 8. Two fields are one list (RFC 9110, 5.3), and a list names
  /// no snapshot.
  private(set) var snapshot: String?

  package init(_ headers: HTTPHeaders) {
    for (name, value) in headers {
      let length = name.utf8.count + value.utf8.count
      bytes += length
      longestField = max(longestField, length)
      count += 1
      switch name.utf8.count {  // The length rules most names out.
      case 4 where name.is("host"): hosts.append(value)
      case 6 where name.is("expect"): expectation = value.lowercased()
      case 7 where name.is("upgrade"): asksForUpgrade = true
      case 8 where name.is("snapshot"):
        snapshot = snapshot.map { "\($0), \(value)" } ?? value
      case 14 where name.is("content-length"): contentLength = value
      case 17 where name.is("transfer-encoding"):
        transferCodings += value.lowercased().split(
          separator: ",", omittingEmptySubsequences: false)
      default: break
      }
    }
  }

  var host: String? { hosts.first }

  /// Whether the client sends its body only after a `100 Continue`. HTTP/1.0 has no such
  /// expectation (RFC 9110, 10.1.1).
  func expectsContinue(_ version: HTTPVersion) -> Bool {
    expectation == "100-continue" && version.isHTTP11OrLater
  }
}

extension Framing {
  /// Throws the rule that the head breaks.
  func check(_ version: HTTPVersion) throws(Refusal) {
    guard
      bytes <= ConnectionLimits.headBytes && longestField <= ConnectionLimits.fieldBytes
        && count <= ConnectionLimits.headFields
    else { throw .headIsTooLarge }
    if !transferCodings.isEmpty { try checkTransferCodings(version) }
    try checkHost(version)
    if expectation != nil, version.isHTTP11OrLater, !expectsContinue(version) {
      throw Refusal(.expectationFailed, "the only expectation here is 100-continue")
    }
  }

  /// RFC 9112, 3.2: exactly one Host field, and a valid one. HTTP/1.0 may omit it.
  private func checkHost(_ version: HTTPVersion) throws(Refusal) {
    guard hosts.count == 1 || hosts.isEmpty && !version.isHTTP11OrLater else {
      throw Refusal(
        .badRequest, "a request of HTTP/1.1 has one Host field; this one has \(hosts.count)")
    }
    guard hosts.allSatisfy({ $0.utf8.allSatisfy(Self.isPartOfHost) }) else {
      throw Refusal(.badRequest, "the Host field is not a host, or a host and a port")
    }
  }

  /// RFC 3986, 3.2.2: letters, digits, and the punctuation of names, IPv6 addresses and ports; no
  /// `@`, because user names are not allowed here.
  private static func isPartOfHost(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~!$&'()*+,;=%:[]".utf8.contains(byte)
    }
  }

  /// RFC 9112, 6.1 and 6.3: `chunked` is the only transfer coding that we accept, neither together
  /// with a length nor from HTTP/1.0.
  private func checkTransferCodings(_ version: HTTPVersion) throws(Refusal) {
    guard version.isHTTP11OrLater else {
      throw Refusal(
        .badRequest, "HTTP/1.0 has no transfer coding; send a Content-Length", endsConnection: true)
    }
    guard contentLength == nil else {
      throw Refusal(
        .badRequest, "a request has a Content-Length or a Transfer-Encoding, not both",
        endsConnection: true)
    }
    let codings = transferCodings.map { $0.filter { $0 != " " && $0 != "\t" } }
    guard codings.last == "chunked", codings.count(where: { $0 == "chunked" }) == 1 else {
      throw Refusal(
        .badRequest, "the last transfer coding of a request is chunked, and only the last",
        endsConnection: true)
    }
    guard codings.count == 1 else {
      throw Refusal(
        .notImplemented, "chunked is the only transfer coding here", endsConnection: true)
    }
  }
}

extension HTTPVersion {
  /// Whether the version has chunks and persistent connections.
  var isHTTP11OrLater: Bool { major > 1 || major == 1 && minor >= 1 }
}

extension String {
  /// Whether this is `name`, a lowercase word of the same length, in any case.
  fileprivate func `is`(_ name: String) -> Bool {
    utf8.elementsEqual(name.utf8) { $0 | 0x20 == $1 }
  }
}
