import Foundation
import Scenarios

// Files that have changed.
extension CheckedServer {
  /// Changes one byte of `text` in every file that holds it, while the server is not running. Skips the
  /// check where no file does.
  func damage(_ text: String) async throws {
    let needle = Data(text.utf8)
    var names: [String] = []
    for file in try await files() {
      var bytes = try Data(contentsOf: file)
      guard let place = bytes.range(of: needle) else { continue }
      let byte = bytes.index(place.lowerBound, offsetBy: needle.count / 2)
      bytes[byte] ^= 0x04
      try Self.overwrite(file, with: bytes)
      names.append("byte \(byte) of \(file.lastPathComponent)")
    }
    if names.isEmpty { throw Skip("no file of the data has the value in plain bytes") }
    trail.add("changed " + names.joined(separator: " and "))
  }

  /// A file as it was before a byte of it was changed.
  struct Undamaged {
    fileprivate let file: URL
    fileprivate let bytes: Data

    /// Writes it again.
    func write() throws { try CheckedServer.overwrite(file, with: bytes) }
  }

  /// Changes one bit of a file.
  func damage(_ place: DamagePlace) throws -> Undamaged {
    var bytes = try Data(contentsOf: place.file)
    let undamaged = Undamaged(file: place.file, bytes: bytes)
    bytes[place.byte] ^= 1 << UInt8(random.below(8))
    try Self.overwrite(place.file, with: bytes)
    trail = Trail()
    trail.add(
      "changed byte \(place.byte) of the \(bytes.count) of \(place.file.lastPathComponent)")
    return undamaged
  }

  /// Cuts the last bytes off the log, as a crash in the middle of a write would. Skips the check where
  /// there is no log of the name that the series gives it.
  func tearLog() async throws {
    let logs = try await files().filter(Self.isLog)
    guard let log = logs.max(by: { $0.lastPathComponent < $1.lastPathComponent }) else {
      throw Skip("there is no wal.db in the data, so nothing to tear")
    }
    var bytes = try Data(contentsOf: log)
    // Zeros may be space that was allocated ahead.
    let end = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
    bytes = bytes.prefix(max(0, end - 3))
    try Self.overwrite(log, with: bytes)
    trail.add("cut \(log.lastPathComponent) to \(bytes.count) bytes, within its last record")
  }

  /// Whether a file has a name that the series gives a log.
  static func isLog(_ file: URL) -> Bool {
    file.lastPathComponent == "wal.db" || file.pathExtension == "wal"
  }

  /// Starts it. Returns false where it refuses to start, which is an exit with another status than 0.
  func startsOrRefuses() async throws -> Bool {
    let site = try await site()
    do {
      _ = try await site.warden.start(over: site.transport)
      return true
    } catch Violation.notReady(.status(1...), _, _) {
      return false
    } catch let violation as Violation {
      throw Mistake(
        sent: trail.eventLines + ["(a start)"],
        expected: "it starts, or exits with a status that is not 0", came: "\(violation)")
    }
  }

  /// The key must have its value, or be answered with 500.
  func get(_ name: String, isOrFails value: String) async throws {
    try await ask(orFails: .get(key(name), Expectation([.value(value)])))
  }

  /// The answer to `request` must be right, or 500.
  func ask(orFails request: Request) async throws {
    let answer = try await site().transport.send(request).answer
    if case .reply(500..., _) = answer { return }
    if Judge(isStrict: false).accepts(answer, to: request) { return }
    let site = try await site()
    throw Mistake(
      sent: trail.lines(to: request, at: site.endpoint),
      expected: "the start is refused, or 500, or the right value", came: await text(of: answer),
      hint: "damage must be found by a checksum, and reported: it is neither absence nor a value")
  }

  private func files() async throws -> [URL] {
    let directory = try await site().directory
    return DirectoryState(of: directory).files.keys.sorted().map { directory.appending(path: $0) }
  }

  /// The file keeps its identity: a lock may be on it.
  fileprivate static func overwrite(_ file: URL, with bytes: Data) throws {
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.truncate(atOffset: 0)
    try handle.write(contentsOf: bytes)
  }
}
