import Foundation
import NIOHTTP1
import Scenarios

// Week 8: many clients, and any bytes.
extension Check {
  static let week8 = crowd + batches

  private static let crowd: [Check] = [
    Check(
      "many clients at once: each value that is read is one that was written last",
      from: 8, read: .task(8), on: .empty
    ) { server in
      try await server.replayAtOnce()
    },
    Check(
      "what 16 clients see has an order, as if they had come one by one",
      from: 8, read: .task(8), on: .empty
    ) { server in
      try await server.mustBeLinearizable(kills: 0)
    },
    Check(
      "what 16 clients see has an order, also across SIGKILL",
      from: 8, read: Section(week: 8, "Durable before visible"), on: .empty
    ) { server in
      try await server.mustBeLinearizable(kills: 3 * server.plan.kills)
    },
    Check(
      "SIGKILL and SIGTERM under the load of 16 clients lose nothing and bring nothing back",
      from: 8, read: Section(week: 8, "The commit queue"), on: .empty
    ) { server in
      try await server.torture(
        rounds: server.plan.kills, connections: CheckedServer.crowd, signals: [.kill, .term])
    },
    Check(
      "of thousands of writes that 64 clients send at once, each that is answered is there, also after SIGKILL",
      from: 8, read: Section(week: 8, "The commit queue"), on: .empty
    ) { server in
      try await server.losesNoWrite(of: 2 * server.plan.requests)
    },
    Check(
      "what a client has read is there after SIGKILL, even if its write was not answered yet",
      from: 8, read: Section(week: 8, "Durable before visible"), on: .empty
    ) { server in
      try await server.keepsWhatWasRead(kills: 3 * server.plan.kills)
    },
    Check("a client that is slow to send keeps nobody waiting", from: 8, read: .task(8)) { server in
      let head = "PUT \(await server.target("slow")) HTTP/1.1\r\nHost: check\r\n"
      try await server.withHalfRequest(head + "Content-Length: 10\r\n\r\nhello") {
        try await server.put("apple", "5")
        try await server.get("apple", is: "5")
        try await server.get("slow", is: nil)
      }
    },
    Check(
      "a key may have any bytes, and up to 1,024 of them, also after restarts", from: 8,
      read: .task(8)
    ) { server in
      let longest = String(repeating: "K", count: 1_025 - (await server.target("")).utf8.count)
      let names = ["Apple", "%00%FF", "a%20b", "%C3%A9", "%C3%A9%00", longest]
      for name in names {
        let target = await server.target(name)
        try await server.send(.PUT, target, Array("of \(name)".utf8), answers: 200)
      }
      try await server.send(.PUT, await server.target(longest + "K"), [], answers: 400)
      let neighbours = ["apple", "%00", "%00%FE", "%20%FF", "%C3", "%C3%A8", "a%21b", "a%00b"]
      try await server.inThreeLives {
        for name in names {
          try await server.holds(await server.target(name), Array("of \(name)".utf8))
        }
        for name in neighbours + ["\(longest.dropLast())"] {
          try await server.send(.GET, await server.target(name), answers: 404)
        }
      }
    },
    Check(
      "a value may have any bytes, and its type says whether it is text, also after restarts",
      from: 8, read: .task(8)
    ) { server in
      let values: [([UInt8], type: String)] = [
        (Array("café".utf8), "text/plain; charset=utf-8"),
        ([0x00, 0xFF], "application/octet-stream"),
        (Array(0...255), "application/octet-stream"),
        (Array((0...255).reversed()), "application/octet-stream"),
      ]
      for (number, value) in values.enumerated() {
        try await server.send(.PUT, await server.target("v\(number)"), value.0, answers: 200)
      }
      try await server.inThreeLives {
        for (number, value) in values.enumerated() {
          try await server.holds(
            await server.target("v\(number)"), value.0, type: value.type)
        }
      }
    },
    Check(
      "a scan escapes commas, percent signs and what is not printable, also after restarts",
      from: 8, read: .task(8)
    ) { server in
      let names = ["%00", "a%20b", "a%25b", "a%2Cb", "%FF"]
      for name in names {
        try await server.send(.PUT, await server.target("s" + name), [], answers: 200)
      }
      let listed = ["%00", "a b", "a%25b", "a%2Cb", "%FF"]
      try await server.inThreeLives {
        try await server.scan("s", "t", is: listed.map { "s" + $0 })
      }
    },
  ]
}

extension CheckedServer {
  /// A GET must be answered with these bytes, and with this type if one is given.
  fileprivate func holds(_ target: String, _ value: [UInt8], type: String? = nil) async throws {
    let answer = try await send(.GET, target, answers: 200)
    guard answer.answer == .reply(status: 200, body: value) else {
      throw await mistake(.GET, target, expected: "200 \(Brief.quoted(value))", answer)
    }
    let found = answer.fields.first(name: "content-type") ?? "none"
    guard let type, found.lowercased().replacing(" ", with: "") != type.replacing(" ", with: "")
    else { return }
    throw await mistake(
      .GET, target, expected: "Content-Type: \(type)", answer, came: "Content-Type: \(found)")
  }
}
