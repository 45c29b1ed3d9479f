import Server
import TestSupport
import Testing
import Week1Memory
import Weeks

@Suite("A concurrent store", .timeLimit(.minutes(5)))
struct ConcurrentStoreTests {
  @Test("answers from memory on the event loop, and from disk on a thread")
  func memoryAndDisk() async throws {
    let store = ScriptedStore()
    store.putOnDisk("cold")
    try await withServer(store, week: .concurrent) { server in
      _ = try await RawConnection.batch(server.port, "PUT hot 1\nPUT cold 2")
      for (key, body) in [("hot", "1"), ("cold", "2")] {
        #expect(try await RawConnection.get(server.port, "/\(key)").body == body)
      }
      #expect(try await RawConnection.get(server.port, "/absent").code == 404)
    }
    #expect(store.journal.all == ["read cold", "close"])
  }

  @Test("whose writes never end blocks only their clients")
  func stuckWrites() async throws {
    let store = ScriptedStore()
    store.hold("stuck")
    try await withServer(store, week: .concurrent) { server in
      // More writes than there are threads of any kind.
      let writes = (0..<64).map { _ in
        Task { try await RawConnection.put(server.port, "/stuck", "1") }
      }
      while store.waitingWrites < 64 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(try await RawConnection.put(server.port, "/a", "one").code == 200)
      #expect(try await RawConnection.get(server.port, "/a").body == "one")
      #expect(try await RawConnection.get(server.port, "/scan?start=a&end=z").body == "a")
      store.complete("stuck")
      for write in writes { #expect(try await write.value.code == 200) }
    }
  }

  @Test("whose disk is slow delays no read answered from memory, and no write")
  func slowDisk() async throws {
    let store = ScriptedStore(disk: Gate(open: false))
    store.putOnDisk("cold")
    try await withServer(store, week: .concurrent) { server in
      let reads = (0..<32).map { _ in
        Task { try await RawConnection.get(server.port, "/cold") }
      }
      while store.journal.count(of: "read cold") < 4 { try await Task.sleep(for: .milliseconds(1)) }
      #expect(try await RawConnection.put(server.port, "/a", "one").code == 200)
      #expect(try await RawConnection.get(server.port, "/a").body == "one")
      store.disk.open()
      for read in reads { #expect(try await read.value.code == 404) }
    }
  }

  @Test("that completes writes in any order is answered in the order of each connection's requests")
  func order() async throws {
    let store = ScriptedStore()
    let keys: [Key] = ["a", "b", "c"]
    for key in keys { store.hold(key) }
    try await withServer(store, week: .concurrent) { server in
      let clients = keys.map { key in
        Task {
          try await RawConnection.open(server.port) { connection in
            let put = "PUT /\(key) HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\n\r\n"
            let get = "GET /\(key) HTTP/1.1\r\nHost: test\r\n\r\n"
            try await connection.send(get + put + "1" + get + put + "2" + get)
            var answers: [RawAnswer] = []
            for _ in 0..<5 { answers.append(try await connection.answer()) }
            return answers
          }
        }
      }
      for _ in 0..<2 {
        while store.waitingWrites < 3 { try await Task.sleep(for: .milliseconds(1)) }
        for key in keys.reversed() { store.complete(key) }
      }
      for client in clients {
        let answers = try await client.value
        #expect(answers.map(\.code) == [404, 200, 200, 200, 200])
        #expect(answers.map(\.body).suffix(4) == ["", "1", "", "2"])
      }
    }
  }

  @Test("is closed when the writes in flight are done and answered")
  func stop() async throws {
    let store = ScriptedStore()
    store.hold("a")
    try await withServer(store, week: .concurrent) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\none")
        while store.waitingWrites == 0 { try await Task.sleep(for: .milliseconds(1)) }
        await server.stop()
        while (try? await RawConnection.get(server.port, "/")) != nil {}
        #expect(store.journal.all.isEmpty)
        store.complete("a")
        let answer = try await connection.answer()
        #expect(answer.code == 200)
        #expect(answer.endsConnection)
        #expect(try await connection.rest().isEmpty)
      }
    }
    #expect(store.journal.all == ["close"])
  }

  @Test("that completes a write of a client who has left does no harm")
  func clientHasLeft() async throws {
    let store = ScriptedStore()
    store.hold("a")
    try await withServer(store, week: .concurrent) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("PUT /a HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n")
        while store.waitingWrites == 0 { try await Task.sleep(for: .milliseconds(1)) }
        try await connection.reset()
      }
      store.complete("a")
      #expect(try await RawConnection.get(server.port, "/a").code == 200)
    }
  }
}
