import Server
import Testing
import Week1Memory
import Weeks

@Suite("A snapshot", .timeLimit(.minutes(5)))
struct SnapshotTests {
  @Test("is read as the store was when it was taken, key by key and by scans")
  func reads() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      _ = try await RawConnection.batch(server.port, "PUT a 1\nPUT b 2")
      let name = try await server.takeSnapshot()
      _ = try await RawConnection.batch(server.port, "PUT a 9\nDELETE b\nPUT c 3")
      for (key, old, new) in [("a", "1", "9"), ("b", "2", nil), ("c", nil, "3")] {
        try await server.expect(old, at: "/\(key)", of: name)
        try await server.expect(new, at: "/\(key)", of: nil)
      }
      try await server.expect("a,b", at: "/scan?start=a&end=z", of: name)
      try await server.expect("a,c", at: "/scan?start=a&end=z", of: nil)
      let head = try await RawConnection.ask(server.port, "HEAD", "/b", ["snapshot: \(name)"])
      #expect(head.code == 200)
      let field = "Snapshot: \(name)"
      let twice = try await RawConnection.ask(server.port, "GET", "/a", [field, field])
      #expect(twice.code == 412)
    }
  }

  @Test("that is deleted or was never taken is 412 to a read, and 404 to a delete")
  func gone() async throws {
    let store = ScriptedStore()
    try await withServer(store, week: .concurrent) { server in
      let name = try await server.takeSnapshot()
      let address = "/-/snapshots/\(name)"
      let deleted = try await RawConnection.ask(server.port, "DELETE", address)
      #expect(deleted.code == 204)
      #expect(deleted.field("content-length") == nil)
      #expect(store.journal.count(of: "let go") == 1)
      for absent in [address, "/-/snapshots/", "/-/snapshots/x/y"] {
        #expect(try await RawConnection.ask(server.port, "DELETE", absent).code == 404)
      }
      for field in [name, "x", "", "\(name), \(name)"] {
        for target in ["/a", "/scan?start=a&end=z"] {
          let answer = try await RawConnection.ask(
            server.port, "GET", target, ["Snapshot: \(field)"])
          #expect(answer.code == 412)
          #expect(answer.isOneLine)
        }
      }
    }
  }

  @Test("is never written")
  func writes() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      let name = try await server.takeSnapshot()
      for (method, target) in [("PUT", "/a"), ("DELETE", "/a"), ("POST", "/-/batch")] {
        let answer = try await RawConnection.ask(server.port, method, target, ["Snapshot: \(name)"])
        #expect(answer.code == 400)
        #expect(answer.isOneLine)
      }
      try await server.expect(nil, at: "/a", of: nil)
    }
  }

  @Test("is refused with 503 when there are too many")
  func tooMany() async throws {
    try await withServer(ScriptedStore(), week: .concurrent) { server in
      var names: [String] = []
      for _ in 0..<Snapshots.limit { names.append(try await server.takeSnapshot()) }
      let refused = try await RawConnection.ask(server.port, "POST", "/-/snapshots")
      #expect(refused.code == 503)
      #expect(refused.isOneLine)
      #expect((1...60).contains(Int(refused.field("retry-after") ?? "") ?? 0))
      _ = try await RawConnection.ask(server.port, "DELETE", "/-/snapshots/\(names[0])")
      _ = try await server.takeSnapshot()
    }
  }

  @Test("that nobody reads is released while the server runs, and the others when it ends")
  func expiry() async throws {
    let store = ScriptedStore()
    let brief = Snapshots(timeout: .milliseconds(100))
    try await withServer(store, week: .concurrent, snapshots: brief) { server in
      _ = try await server.takeSnapshot()
      while store.journal.count(of: "let go") == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
    try await withServer(store, week: .concurrent) { server in _ = try await server.takeSnapshot() }
    #expect(store.journal.all.suffix(3) == ["snapshot", "let go", "close"])
  }

  @Test("does not exist in earlier weeks")
  func earlierWeeks() async throws {
    try await withServer(.lastLocked) { server in
      _ = try await RawConnection.put(server.port, "/a", "one")
      let answer = try await RawConnection.ask(server.port, "GET", "/a", ["Snapshot: x"])
      #expect(answer.body == "one")
    }
  }
}

extension RunningServer {
  func takeSnapshot() async throws -> String {
    let answer = try await RawConnection.ask(port, "POST", "/-/snapshots")
    #expect(answer.code == 201)
    #expect(answer.field("location") == "/-/snapshots/\(answer.body)")
    return answer.body
  }

  /// Expects this body, or 404 for nil, from a snapshot or from the current state.
  fileprivate func expect(
    _ body: String?, at target: String, of snapshot: String?,
    at location: SourceLocation = #_sourceLocation
  ) async throws {
    let fields = snapshot.map { ["Snapshot: \($0)"] } ?? []
    let answer = try await RawConnection.ask(port, "GET", target, fields)
    #expect(answer.code == (body == nil ? 404 : 200), sourceLocation: location)
    if let body { #expect(answer.body == body, sourceLocation: location) }
  }
}
