import Foundation
import NIOCore
import TestSupport
import Testing

/// Promise 13: a client cannot harm the server or other clients. `STRATA_CONNECTIONS` sets how many
/// are tried.
@Suite("Hostile clients", .timeLimit(.minutes(30)))
struct HostileClientTests {
  private static let slots = 256
  private static let options = [
    "--port", "0", "--timeout", "500ms", "--connections", "\(slots)", "--sync", "never",
    "--memtable-limit", "1000000", "--log-allocation", "0",
  ]

  @Test("release every slot and descriptor, and others get their answers")
  func everySlotComesBack() async throws {
    let count =
      ProcessInfo.processInfo.environment["STRATA_CONNECTIONS"].flatMap { Int($0) } ?? 200
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    try await ServerProcess.run(Self.options, in: directory) { server in
      var generator = SeededGenerator.fromEnvironment()
      let port = try await server.port()
      try await putKept(port)
      try await Task.sleep(for: .milliseconds(200))
      let sockets = try server.openSockets()
      var tried = 0
      while tried < count {
        let clients = (0..<min(Self.slots - 56, count - tried)).map { _ in
          HostileClient(kept: "kept", large: "large", &generator)
        }
        tried += clients.count
        let open = try await run(clients, port)
        try await expectKept(port)
        // Some clients are still there and do nothing: only the server can have ended these.
        try await waitUntilIdle(server, sockets: sockets)
        for channel in open { try? await channel.close() }
      }
      try await fillEverySlot(port)
      print("hostile connections: \(tried) tried, seed \(generator.seed)")
      server.send(SIGTERM)
      #expect(try await server.exitCode() == 0)
      let errors = try server.errorText()
      #expect(errors.isEmpty)
    }
  }

  @Test("do not delay a stop", arguments: 0..<3)
  func stop(round: Int) async throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    try await ServerProcess.run(Self.options, in: directory) { server in
      var generator = SeededGenerator.fromEnvironment()
      let port = try await server.port()
      try await putKept(port)
      let clients = (0..<100).map { _ in HostileClient(kept: "kept", large: "large", &generator) }
      await withTaskGroup { group in
        for client in clients {
          group.addTask { _ = try? await client.run(port) }
        }
        try? await Task.sleep(for: .milliseconds(10 * round))
        server.send(SIGTERM)
        await group.waitForAll()
      }
      #expect(try await server.exitCode() == 0)
    }
  }

  /// Runs the clients at once, with one that is not hostile among them. Returns the connections
  /// that only the server may end.
  private func run(_ clients: [HostileClient], _ port: Int) async throws -> [any Channel] {
    try await withThrowingTaskGroup(of: (any Channel)?.self) { group in
      for client in clients {
        group.addTask {
          do {
            let (codes, open) = try await client.run(port)
            #expect(client.allows(codes), "\(codes) for \(client.requests.map(\.code))")
            return open
          } catch {
            Issue.record("\(error), after \(client.requests.map(\.code))")
            return nil
          }
        }
      }
      group.addTask {
        for _ in 0..<10 { try await expectKept(port) }
        return nil
      }
      var open: [any Channel] = []
      for try await channel in group { if let channel { open.append(channel) } }
      return open
    }
  }

  private func putKept(_ port: Int) async throws {
    let large = String(repeating: "v", count: 1 << 20)
    for (key, value) in [("/kept", "value"), ("/large", large)] {
      while try await RawConnection.put(port, key, value).code != 200 {}
    }
  }

  /// Gets the one value. On a busy machine even this client may be too slow; then it retries, as
  /// any client would.
  private func expectKept(_ port: Int) async throws {
    for _ in 0..<20 {
      let answer = try? await RawConnection.get(port, "/kept")
      guard let answer, [200, 404].contains(answer.code) else { continue }
      #expect(answer.body == "value")
      return
    }
    Issue.record("no answer in twenty attempts")
  }

  /// Opens as many connections as allowed, and gets an answer on each.
  private func fillEverySlot(_ port: Int) async throws {
    try await withThrowingTaskGroup { group in
      for _ in 0..<Self.slots {
        group.addTask { try await expectKept(port) }
      }
      try await group.waitForAll()
    }
  }

  /// Waits until the server has no more than `sockets` sockets open, or fails after a long while.
  private func waitUntilIdle(_ server: ServerProcess, sockets: Int) async throws {
    for _ in 0..<1_500 where try server.openSockets() > sockets {
      try await Task.sleep(for: .milliseconds(20))
    }
    let left = try server.openSockets()
    #expect(left <= sockets, "connections that no client uses are open")
  }
}
