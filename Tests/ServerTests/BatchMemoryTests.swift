import Server
import Testing
import Weeks

@Suite("The memory of batches", .timeLimit(.minutes(5)))
struct BatchMemoryTests {
  @Test("is shared, and comes back when a batch is gone")
  func shares() {
    let memory = BatchMemory(bytes: 100)
    let first = BatchMemory.Share(of: memory)
    #expect(first.grow(by: 60))
    do {
      let second = BatchMemory.Share(of: memory)
      #expect(!second.grow(by: 41))
      #expect(second.grow(by: 40))
      #expect(!first.grow(by: 1))
    }
    #expect(first.grow(by: 40))
  }

  @Test("is bounded: a batch for which none is left is refused, and the connection continues")
  func refused() async throws {
    let memory = BatchMemory(bytes: 1_000)
    try await withServer(ScriptedStore(), week: .concurrent, batches: memory) { server in
      let text = "PUT a 1\n" + String(repeating: "\n", count: 592)
      try await RawConnection.open(server.port) { slow in
        try await slow.send(
          "POST /-/batch HTTP/1.1\r\nHost: test\r\nContent-Length: 601\r\n\r\n\(text)")
        // An answer on each event loop: by now the server has read everything above.
        for _ in 0..<20 { _ = try await RawConnection.get(server.port, "/") }
        try await RawConnection.open(server.port) { other in
          try await other.send(
            "POST /-/batch HTTP/1.1\r\nHost: test\r\nContent-Length: 600\r\n\r\n\(text)")
          let refused = try await other.answer()
          #expect(refused.code == 503)
          #expect(refused.field("retry-after") == "1")
          #expect(refused.isOneLine)
          try await other.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n")
          #expect(try await other.answer().code == 200)
        }
        try await slow.send("\n")
        #expect(try await slow.answer().body == "1 write stored\n")
      }
      for _ in 0..<5 { #expect(try await RawConnection.batch(server.port, text).code == 200) }
    }
  }
}
