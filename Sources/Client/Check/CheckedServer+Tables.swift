import Foundation

// Files that a flush writes.
extension CheckedServer {
  /// Runs `writes`, ends the server so that what they wrote is in tables, of at least so many bytes in all, and
  /// starts it again. If no table is seen, the report says so.
  func writeTable(ofAtLeast least: Int, _ writes: () async throws -> Void) async throws {
    if try await !stopsWithTable(ofAtLeast: least, writes) { remark = noTable }
    try await startAgain()
  }

  /// Runs `writes`, and ends the server. Returns whether new tables are seen. Usually the stop makes them. If it
  /// does not, a memtable is filled up.
  func stopsWithTable(ofAtLeast least: Int, _ writes: () async throws -> Void) async throws -> Bool
  {
    let before = try await tables()
    try await writes()
    try await end(by: .term)
    if try await tables().newBytes(since: before) >= least { return true }
    try await startAgain()
    try await fillMemtable()
    try await settle()
    try await end(by: .term)
    return try await tables().newBytes(since: before) >= least
  }

  /// Says that there was none.
  var noTable: String {
    let memtable = week < 8 ? "\(plan.memtableLimit) entries" : "\(Self.memtableMegabytes) MiB"
    return "no table was seen, neither after SIGTERM nor after \(memtable) more"
  }

  /// Writes as much as a memtable holds: entries, or bytes from week 8 on, where these are its limit.
  func fillMemtable() async throws {
    let isOfBytes = week >= 8
    let value = isOfBytes ? String(repeating: "x", count: 1 << 20) : "5"
    let count = isOfBytes ? Self.memtableMegabytes : plan.memtableLimit
    try await inTime(0..<count, "writes that fill a memtable") { number in
      // Before and after all other keys of the check, so that the table's range has them all.
      try await put((number.isMultiple(of: 2) ? "!fill" : "~fill") + "\(number)", value)
    }
  }

  private static let memtableMegabytes = 17

  /// Waits until the files no longer change: a flush or a merge in the background is done then.
  func settle() async throws {
    let (end, directory) = (ContinuousClock.now + plan.timeout, try await site().directory)
    var (state, latest) = (DirectoryState(of: directory), ContinuousClock.now)
    while ContinuousClock.now - latest < .milliseconds(250), ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
      let new = DirectoryState(of: directory)
      if new != state { (state, latest) = (new, .now) }
    }
  }

  /// The files that are no logs.
  func tables() async throws -> DirectoryState {
    DirectoryState(of: try await site().directory).filter { !Self.isLog(URL(filePath: $0)) }
  }
}
