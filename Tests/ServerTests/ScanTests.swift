import Basics
import Disk
import Foundation
import Server
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week3WAL
import Week5Leveling
import Week7BloomTrie
import Weeks

@Suite("A scan", .timeLimit(.minutes(5)))
struct ScanTests {
  @Test(
    "lists the live keys of a range in order, excluding its end",
    arguments: Week.allCases.filter(\.scans),
    [
      ("start=a&end=z", "a,a/b,b,d"), ("start=a&end=d", "a,a/b,b"), ("start=b&end=c", "b"),
      ("start=a%2Fb&end=z&limit=2", "a/b,b"), ("start=a&end=z&limit=0", ""),
      ("start=e&end=z", ""), ("start=z&end=a", ""), ("start=a&end=a", ""),
    ])
  func range(week: Week, scan: (query: String, keys: String)) async throws {
    try await withServer(week) { server in
      for key in ["d", "a", "c", "b", "a%2fb"] {
        #expect(try await RawConnection.put(server.port, "/\(key)", "value").code == 200)
      }
      let delete = try await RawConnection.ask(
        server.port, "DELETE /c HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(delete.code == 202)
      let answer = try await RawConnection.get(server.port, "/scan?" + scan.query)
      #expect(answer.code == 200)
      #expect(answer.field("content-type") == "text/plain")
      #expect(answer.body == scan.keys)
    }
  }

  @Test("that is misspelled is refused", arguments: Week.allCases.filter(\.scans))
  func misspelled(week: Week) async throws {
    try await withServer(week) { server in
      let answer = try await RawConnection.get(server.port, "/scan?from=a")
      #expect(answer.code == 400)
      #expect(answer.isOneLine)
    }
  }

  @Test(
    "of a long range comes in pieces, and is whole", arguments: Week.allCases.filter(\.scans))
  func pieces(week: Week) async throws {
    let directory = TemporaryDirectory()
    defer { withExtendedLifetime(directory) {} }
    let engine = try week.open(directory.path, settings: .small)
    let keys = try engine.fill(2_000)
    try await withServer(engine, week: week) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send("GET /scan?start=a&end=z HTTP/1.1\r\nHost: test\r\n\r\n")
        let head = try await connection.receive(through: "\r\n\r\n")
        #expect(head.contains("200 OK") && head.lowercased().contains("chunked"))
        let body = try await connection.receive(through: "\r\n0\r\n\r\n")
        #expect(body.dechunked == keys.joined(separator: ","))
        try await connection.send("GET /\(keys[0]) HTTP/1.1\r\nHost: test\r\n\r\n")
        #expect(try await connection.answer().code == 200)
      }
    }
  }

  @Test(
    "that meets a damaged table is aborted, and does not look complete",
    arguments: Week.allCases.filter(\.scans))
  func damage(week: Week) async throws {
    let directory = TemporaryDirectory()
    let engine = try week.open(directory.path, settings: .small)
    try engine.fill(2_000)
    try engine.flush()
    try engine.compactAll()
    // The table with the greatest keys, so that the scan can begin.
    let table = try #require(directory.names.last { $0.hasPrefix("sst-") })
    let damage = [UInt8](repeating: 0x21, count: try directory.bytes(of: table).count)
    try Data(damage).write(to: URL(fileURLWithPath: "\(directory.path)/\(table)"))
    try await withServer(engine, week: week) { server in
      try await RawConnection.open(server.port) { connection in
        try await connection.send(
          "GET /scan?start=a&end=z HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        #expect(try await connection.receive(through: "\r\n\r\n").contains("200 OK"))
        #expect(try await !connection.rest().hasSuffix("\r\n0\r\n\r\n"))
      }
    }
  }
}

extension Settings {
  fileprivate static var small: Settings {
    var settings = Settings()
    settings.memtable.limit = 100
    settings.levels.tableLimit = 100
    settings.memory.limit = 16_000
    settings.tableBytes = 2_000
    settings.log.sync = .never
    return settings
  }
}

extension Store {
  /// Sets `count` keys of 100 bytes, in order, and returns them.
  @discardableResult
  fileprivate func fill(_ count: Int) throws -> [String] {
    let keys = (0..<count).map { number in
      "k" + String(repeating: "0", count: 99 - "\(number)".count) + "\(number)"
    }
    for key in keys { try set(Key(key), to: Value("value")) }
    return keys
  }
}

extension String {
  /// The content of chunks, without their sizes.
  fileprivate var dechunked: String {
    let lines = split(separator: "\r\n")
    return stride(from: 1, to: lines.count, by: 2).map { lines[$0] }.joined()
  }
}
