import NIOCore
import NIOPosix
import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite("Among hundreds of connections", .timeLimit(.minutes(5)))
struct CrowdTests {
  /// What a client has sent when it pauses: nothing, most of a head, half a body.
  private static let beginnings = [
    "", "GET /a HTTP/1.1\r\nHost: test\r\nX: " + String(repeating: "x", count: 4_000),
    "PUT /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 8000\r\n\r\n"
      + String(repeating: "v", count: 4_000),
  ]
  /// The memory that a connection may take: what it has sent, its read buffers, its handlers.
  private static let memoryForEach = 32 << 10

  @Test("that are idle or slow, a client is answered, and each of them takes little memory")
  func slowClients() async throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    // While more than some 1,300 descriptors are open, Foundation's Process may read past the list of
    // them when another test starts a process: it copies entries as if each had the longest name.
    // Other tests have some hundreds open.
    let count = min(500, Self.filesThatMayBeOpen() / 4)
    try await ServerProcess.run(["--port", "0", "--timeout", "1h"], in: directory) { server in
      let port = try await server.port()
      #expect(try await RawConnection.put(port, "/a", "one").code == 200)
      let memory = try server.memory()
      let crowd = try await Self.connect(count, port)
      for (number, channel) in crowd.enumerated() {
        let beginning = Self.beginnings[number % Self.beginnings.count]
        try await channel.writeAndFlush(ByteBuffer(string: beginning)).get()
      }
      for _ in 0..<3 {
        // One more byte from each slow client, and an answer for one that is not slow.
        for (number, channel) in crowd.enumerated() where number % Self.beginnings.count > 0 {
          channel.writeAndFlush(ByteBuffer(string: "z"), promise: nil)
        }
        #expect(try await RawConnection.get(port, "/a").body == "one")
        #expect(try await RawConnection.put(port, "/b", "two").code == 200)
      }
      #expect(try await RawConnection.get(port, "/slow").code == 404)
      #expect(crowd.count { $0.isActive } == count)
      if let memory, let now = try server.memory() {
        #expect(now - memory < 16 << 20 + count * Self.memoryForEach)
      }
      for channel in crowd { try await channel.close() }
    }
  }

  private static func connect(_ count: Int, _ port: Int) async throws -> [any Channel] {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    var channels: [any Channel] = []
    for _ in 0..<count {
      channels.append(try await bootstrap.connect(host: "127.0.0.1", port: port).get())
    }
    return channels
  }

  /// Raises the limit as far as the system allows an unprivileged process, and returns it.
  private static func filesThatMayBeOpen() -> Int {
    #if canImport(Darwin)
      let (files, most) = (RLIMIT_NOFILE, rlim_t(OPEN_MAX))
    #else
      let (files, most) = (__rlimit_resource_t(RLIMIT_NOFILE.rawValue), rlim_t(1 << 20))
    #endif
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0 else { return 256 }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, most))
    _ = setrlimit(files, &limit)
    _ = getrlimit(files, &limit)
    return Int(min(limit.rlim_cur, most))
  }
}
