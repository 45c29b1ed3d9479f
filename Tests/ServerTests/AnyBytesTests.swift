import Basics
import NIOCore
import Server
import TestSupport
import Testing
import Week1Memory
import Week8Concurrency
import Weeks

@Suite("Any bytes", .timeLimit(.minutes(5)))
struct AnyBytesTests {
  @Test("may be in a key of 1 to 1,024 bytes, from week 8 on")
  func keys() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let all = (0...255).map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      for key in ["/A", "/%00", "/%ff", "/" + all, "/" + String(repeating: "%80", count: 1_024)] {
        #expect(try await RawConnection.put(server.port, key, key).code == 200)
        #expect(try await RawConnection.get(server.port, key).body == key)
      }
      let long = try await RawConnection.get(
        server.port, "/" + String(repeating: "k", count: 1_025))
      #expect(long.code == 400)
      #expect(long.body.contains("at most 1024 bytes; this one has 1025"))
    }
  }

  @Test(
    "may be in a value, and its type says whether it is text",
    arguments: [
      ([], true), ([0x00, 0x7f], true), (Array("né".utf8), true), ([0x61, 0x80], false),
      ([0xff], false), ([0xed, 0xa0, 0x80], false), ([0xc0, 0x80], false),
    ] as [([UInt8], Bool)])
  func values(value: [UInt8], isText: Bool) async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      #expect(try await RawConnection.ask(server.port, "PUT", "/a", body: value).code == 200)
      let answer = try await RawConnection.get(server.port, "/a")
      #expect(
        answer.field("content-type")
          == (isText ? "text/plain; charset=utf-8" : "application/octet-stream"))
      #expect(answer.length == value.count)
    }
    let outcome = try Outcome.value(Value(anyBytes: Bytes(value)))
    #expect(Response(outcome, anyBytes: true).text == ByteBuffer(bytes: value))
  }

  @Test("of a key are escaped in a scan if a list cannot hold them")
  func scan() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      for key in ["%09", "%20~", "%2c", "%25", "%7f", "A", "%c3%a9"] {
        _ = try await RawConnection.put(server.port, "/\(key)", "")
      }
      let answer = try await RawConnection.get(server.port, "/scan?start=%00&end=%ff")
      #expect(answer.body == "%09, ~,%25,%2C,A,%7F,%C3%A9")
      #expect(answer.field("content-type") == "text/plain")
    }
  }

  @Test("are documented at / for their week")
  func startPage() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let page = try await RawConnection.get(server.port, "/").body
      for call in ["/-/batch", "-X POST http://test/-/snapshots", "Snapshot: ID", "1024 bytes"] {
        #expect(page.contains(call))
      }
    }
    try await withServer(.lastLocked) { server in
      let page = try await RawConnection.get(server.port, "/").body
      #expect(!page.contains("batch") && !page.contains("napshot"))
    }
  }
}
