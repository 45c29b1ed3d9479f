import Foundation
import NIOHTTP1
import Scenarios

// Week 1 too: what is refused, and how, over HTTP.
extension Check {
  static let api: [Check] = [
    Check("a value is served as text/plain", from: 1, read: .api) { server in
      try await server.put("apple", "5")
      let answer = try await server.send(.GET, await server.target("apple"), answers: 200)
      if answer.fields.first(name: "content-type")?.hasPrefix("text/plain") == true { return }
      throw await server.mistake(
        .GET, await server.target("apple"), expected: "Content-Type: text/plain", answer,
        came: "Content-Type: \(answer.fields.first(name: "content-type") ?? "none")")
    },
    Check("HEAD answers as GET does, without the body", from: 1, read: .api) { server in
      try await server.put("apple", "5")
      let answer = try await server.send(.HEAD, await server.target("apple"), answers: 200)
      if answer.fields.first(name: "content-length") ?? "1" != "1" {
        throw await server.mistake(
          .HEAD, await server.target("apple"), expected: "Content-Length: 1, as for GET", answer,
          came: "Content-Length: \(answer.fields.first(name: "content-length") ?? "none")")
      }
      try await server.send(.HEAD, await server.target("kiwi"), answers: 404)
    },
    Check(
      "a key with an uppercase letter, a space or a control byte answers 400, and so does one of 256 bytes",
      from: 1, until: 7, read: .theFormat(of: 1)
    ) { server in
      let tooLong = String(repeating: "k", count: 257 - (await server.target("")).utf8.count)
      for name in ["Apple", "a%20b", "a%00b", "a%7Fb", "a%C3%A9", tooLong] {
        try await server.send(.PUT, await server.target(name), Array("5".utf8), answers: 400)
      }
      try await server.get("apple", is: nil)
    },
    Check("a bad percent escape answers 400", from: 1, read: .api) { server in
      for name in ["a%zz", "a%4", "a%"] {
        try await server.send(.PUT, await server.target(name), Array("5".utf8), answers: 400)
      }
    },
    Check("a path of two segments is no key, and answers 400", from: 1, read: .api) { server in
      try await server.send(.PUT, await server.target("a/b"), Array("5".utf8), answers: 400)
      try await server.get("a", is: nil)
    },
    Check(
      "a value that is not ASCII answers 400, and nothing is stored",
      from: 1, until: 7, read: .theFormat(of: 1)
    ) { server in
      try await server.putIsRefused(await server.target("cafe"), Array("café".utf8), with: 400)
      try await server.putIsRefused(await server.target("bytes"), [0x35, 0xFF], with: 400)
    },
    Check(
      "a body of more than 1 MiB answers 413, and the next request is answered",
      from: 1, read: .api
    ) { server in
      try await server.send(
        .PUT, await server.target("huge"), Array(repeating: 0x35, count: (1 << 20) + 1),
        answers: 413,
        hint: "read the body to its end before you close: a close with unread bytes resets the "
          + "connection, and the answer with it")
      try await server.get("huge", is: nil)
      try await server.put("apple", "5")
    },
    Check("another method answers 405, and Allow names those that there are", from: 1, read: .api) {
      try await $0.put("apple", "5")
      try await methodIsRefused(.PATCH, by: $0)
      if $0.week < 4 { try await methodIsRefused(.DELETE, by: $0) }
      try await $0.get("apple", is: "5")
    },
    Check("an error has a body of one line, in plain text", from: 1, read: .api) { server in
      let requests: [(HTTPMethod, String, Int)] = [
        (.GET, "kiwi", 404), (.PUT, "a%zz", 400), (.PATCH, "apple", 405),
      ]
      for (method, name, code) in requests {
        let target = await server.target(name)
        let body = method == .GET ? nil : Array("5".utf8)
        let answer = try await server.send(method, target, body, answers: code)
        if answer.answer.isOneLine { continue }
        throw await server.mistake(
          method, target, expected: "\(code), and one line that says why", answer)
      }
    },
    Check("a request that is cut off half-way stores nothing", from: 1, read: .api) { server in
      let head = "PUT \(await server.target("half")) HTTP/1.1\r\nHost: check\r\n"
      try await server.sendAndHangUp(head + "Content-Length: 10\r\n\r\nhello")
      for _ in 1...3 {
        try await server.get("half", is: nil)
        try await Task.sleep(for: .milliseconds(20))
      }
    },
    Check("nothing that a client sends ends the server", from: 1, read: .api) { server in
      for text in [
        "\r\n\r\n", "hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{7f}",
      ] {
        try await server.sendAndHangUp(text)
      }
      try await server.put("apple", "5")
      try await server.get("apple", is: "5")
    },
    Check("the pages / and /-/health answer 200", from: 1, read: .api) { server in
      for page in ["/", "/-/health"] {
        if try await server.send(.GET, page, answers: 200, 400, 404).answer.status == 200 {
          continue
        }
        throw Skip("there is no \(page), and it is no part of the store")
      }
    },
  ]

  private static func methodIsRefused(_ method: HTTPMethod, by server: CheckedServer) async throws {
    let target = await server.target("apple")
    let answer = try await server.send(method, target, answers: 405)
    let allowed = answer.fields[canonicalForm: "allow"].map { $0.uppercased() }
    if allowed.contains("GET") && allowed.contains("PUT") { return }
    throw await server.mistake(
      method, target, expected: "405, and Allow: GET, PUT (and others)", answer,
      came: "Allow: \(allowed.isEmpty ? "none" : allowed.joined(separator: ", "))")
  }
}

extension Answer {
  /// Whether the body is one line of text, and no page of HTML.
  fileprivate var isOneLine: Bool {
    guard case .reply(_, var body) = self else { return false }
    if body.last == UInt8(ascii: "\n") { body.removeLast() }
    if body.last == UInt8(ascii: "\r") { body.removeLast() }
    return !body.isEmpty && body.first != UInt8(ascii: "<") && !body.contains(UInt8(ascii: "\n"))
  }
}
