import TestSupport
import Week1Memory
import Weeks

/// A request as a client might send it, right or wrong, and the expected status code.
struct ScriptedRequest {
  var bytes: [UInt8]
  let code: Int
  /// Whether the connection ends with the answer.
  var isLast = false
  var isHead = false

  init(_ text: String, _ code: Int, isLast: Bool = false, isHead: Bool = false) {
    bytes = Array(text.utf8)
    self.code = code
    self.isLast = isLast
    self.isHead = isHead
  }

  init(bytes: [UInt8], _ code: Int, isLast: Bool = false) {
    self.bytes = bytes
    self.code = code
    self.isLast = isLast
  }
}

extension ScriptedRequest {
  /// A request of any kind. `kept` and `large` are keys with a value, the second one of 1 MiB, that
  /// no request changes.
  static func random(kept: String, large: String, _ generator: inout SeededGenerator)
    -> ScriptedRequest
  {
    let host = "Host: test\r\n"
    switch Int.random(in: 0..<36, using: &generator) {
    case 0...2: return .init("GET /\(kept) HTTP/1.1\r\n\(host)\r\n", 200)
    case 3: return .init("GET /\(large) HTTP/1.1\r\n\(host)\r\n", 200)
    case 4: return .init("GET /absent HTTP/1.1\r\n\(host)\r\n", 404)
    case 5: return .init("HEAD /\(kept) HTTP/1.1\r\n\(host)\r\n", 200, isHead: true)
    case 6: return .init("GET /scan?start=a&end=z HTTP/1.1\r\n\(host)\r\n", 200)
    case 7: return .init("GET /-/stats HTTP/1.1\r\n\(host)\r\n", 200)
    case 8: return .init("DELETE /other HTTP/1.1\r\n\(host)\r\n", 202)
    case 9...12: return put(length: .random(in: 0...2_000, using: &generator))
    case 13: return put(length: Value.maximumLength)
    case 14: return put(length: Value.maximumLength + 1)
    case 15: return put(length: 2 * Value.maximumLength + 1)
    case 16, 17: return chunked(length: .random(in: 0...2_000, using: &generator), &generator)
    case 18: return chunked(length: Value.maximumLength + 1, &generator)
    case 19: return chunked(length: 2 * Value.maximumLength + 1, &generator)
    case 20:
      return .init(
        "PUT /other HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n",
        413,
        isLast: true)
    case 21: return .init("GET /A HTTP/1.1\r\n\(host)\r\n", Week.newest.takesAnyBytes ? 404 : 400)
    case 22: return .init("POST /\(kept) HTTP/1.1\r\n\(host)Content-Length: 3\r\n\r\nabc", 405)
    case 23: return .init("GET /\(kept) HTTP/1.0\r\n\r\n", 200, isLast: true)
    case 24:
      return .init("GET /\(kept) HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", 200, isLast: true)
    case 25: return .init("GET /\(kept) HTTP/1.1\r\n\r\n", 400)
    case 26:
      return .init(
        "PUT /other HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501,
        isLast: true)
    case 27: return .init("CONNECT test:1 HTTP/1.1\r\n\(host)\r\n", 405, isLast: true)
    case 28:
      let target = String(repeating: "a", count: 9_000)
      return .init("GET /\(target) HTTP/1.1\r\n\(host)\r\n", 414, isLast: true)
    case 29...31: return batch(&generator)
    case 32: return batch(announced: (16 << 20) + 1, "PUT other v\n", 413, isLast: true)
    case 33:
      return .init(
        "GET /\(kept) HTTP/1.1\r\n\(host)Snapshot: none\r\n\r\n",
        Week.newest.isConcurrent ? 412 : 200)
    case 34:
      return .init("DELETE /-/snapshots/none HTTP/1.1\r\n\(host)\r\n", 404)
    default:
      // None of these bytes can begin a method, so they are refused at once.
      let count = Int.random(in: 1...400, using: &generator)
      return .init(
        bytes: (0..<count).map { _ in .random(in: 0x80...0xff, using: &generator) }, 405,
        isLast: true)
    }
  }

  /// A batch in which one line may be wrong. Before week 8 there are none.
  private static func batch(_ generator: inout SeededGenerator) -> ScriptedRequest {
    var lines = (0..<Int.random(in: 0...50, using: &generator)).map { number in
      Bool.random(using: &generator) ? "PUT other\(number) %00%ff,\n" : "DELETE other\(number)\r\n"
    }
    let isWrong = Int.random(in: 0..<3, using: &generator) == 0
    if isWrong { lines.append("PUT other \u{1}") }
    return batch(announced: nil, lines.joined(), isWrong ? 400 : 200)
  }

  /// A batch; if `announced` is not nil, its body is announced as longer than it is.
  private static func batch(
    announced: Int?, _ text: String, _ code: Int, isLast: Bool = false
  ) -> ScriptedRequest {
    let length = announced ?? text.utf8.count
    return ScriptedRequest(
      "POST /-/batch HTTP/1.1\r\nHost: test\r\nContent-Length: \(length)\r\n\r\n\(text)",
      Week.newest.isConcurrent ? code : 405, isLast: isLast)
  }

  private static func put(length: Int) -> ScriptedRequest {
    upload("Content-Length: \(length)", length, [UInt8](repeating: 0x76, count: length))
  }

  private static func chunked(
    length: Int, _ generator: inout SeededGenerator
  ) -> ScriptedRequest {
    var (body, left): ([UInt8], Int) = ([], length)
    while left > 0 {
      let size = Int.random(in: 1...left, using: &generator)
      let ending = Bool.random(using: &generator) ? ";name=\"value\"" : ""
      body += Array("\(String(size, radix: 16))\(ending)\r\n".utf8)
      body += [UInt8](repeating: 0x77, count: size) + Array("\r\n".utf8)
      left -= size
    }
    return upload("Transfer-Encoding: chunked", length, body + Array("0\r\n\r\n".utf8))
  }

  /// A body of `length` bytes, sent as `body`: refused if it is too long, and the connection ends
  /// if it is too long even to be skipped.
  private static func upload(_ framing: String, _ length: Int, _ body: [UInt8]) -> ScriptedRequest {
    var request = ScriptedRequest(
      "PUT /other HTTP/1.1\r\nHost: test\r\n\(framing)\r\n\r\n",
      length > Value.maximumLength ? 413 : 200, isLast: length > 2 * Value.maximumLength)
    request.bytes += body
    return request
  }
}
