import Foundation
import Scenarios

// Killed in the middle of a flush.
extension CheckedServer {
  /// Where rounds of kills begin: files, and how many numbered writes they hold.
  private struct Eve: Sendable {
    let copy: URL
    let written: Int
    /// How many writes after a start cause a flush.
    var writes = 0
    /// How many changes of the files were seen in it.
    var changes = 0
  }

  /// Kills the server in a flush, so many times, each time from the same files and at another change of
  /// them. After the next start what was written must be there, but for at most `loss` of the latest
  /// writes; the server must take writes, and stop cleanly.
  func killInFlushes(losingAtMost loss: Int, kills: Int) async throws {
    var eve = try await eve(losingAtMost: loss)
    defer { try? FileManager.default.removeItem(at: eve.copy) }
    try await inTime(0...kills, "kills") { round in
      if round > Self.enough * eve.changes { return }
      try await restore(eve)
      // The first kill comes after the flush: it shows how many changes there are.
      if round == 0 { eve.writes = try await writesToFlush(after: eve) }
      let step = round == 0 ? .max : Self.step(round, of: kills, eve.changes)
      let changes = try await killInFlush(eve, at: step, losingAtMost: loss)
      if round == 0 { eve.changes = changes }
    }
    remark = "changes of files in a flush: \(eve.changes)"
  }

  private func killInFlush(_ eve: Eve, at step: Int, losingAtMost loss: Int) async throws -> Int {
    let last = eve.written + eve.writes - 1
    try await putNumbered(eve.written..<last)
    let request = Request.put(key(Self.numbered(last)), value: Self.value(last))
    let (answer, changes) = try await killDuring(request, at: step)
    let written = Judge(isStrict: false).accepts(answer, to: request) ? last + 1 : last
    let there = try await startAndCount(written, losingAtMost: loss, reading: 200)
    try await putNumbered(there..<there + 20)
    try await end(by: .term)
    return changes
  }

  /// Fills a memtable, and the next one up to one write where a kill leaves it; and copies the files. From week
  /// 5 on so many memtables that the next flush moves tables down too.
  private func eve(losingAtMost loss: Int) async throws -> Eve {
    if loss > 0 { return try await eve(after: 0..<plan.memtableLimit, by: .term) }
    var eve = try await eve(after: 0..<2 * plan.memtableLimit - 1, by: .kill)
    if week < 5 { return eve }
    for tables in 3...Self.mostTables {
      if try await merges(after: eve) { break }
      try FileManager.default.removeItem(at: eve.copy)
      eve = try await self.eve(
        after: eve.written + Self.late..<tables * plan.memtableLimit - 1, by: .kill)
    }
    return eve
  }

  /// No server waits for more tables than these before it merges some.
  private static let mostTables = 6
  /// By so many writes a flush may be later than the limit says.
  private static let late = 10

  /// Whether the next writes remove a table, as a merge does.
  private func merges(after eve: Eve) async throws -> Bool {
    try await start()
    let before = try await tables()
    try await putNumbered(eve.written..<eve.written + Self.late)
    try await Task.sleep(for: .milliseconds(50))
    let after = try await tables()
    return before.files.keys.contains { after.files[$0] == nil && !$0.hasSuffix("tmp") }
  }

  private func eve(after numbers: Range<Int>, by signal: EndSignal) async throws -> Eve {
    try await putNumbered(numbers)
    try await end(by: signal)
    let data = try await site().directory
    let copy = data.appendingPathExtension("copy")
    try FileManager.default.copyItem(at: data, to: copy)
    return Eve(copy: copy, written: numbers.upperBound)
  }

  private func restore(_ eve: Eve) async throws {
    let data = try await site().directory
    if isRunning { try await end(by: .kill) }
    try FileManager.default.removeItem(at: data)
    try FileManager.default.copyItem(at: eve.copy, to: data)
    trail = Trail()
    trail.add(
      "\(eve.written) PUTs, and the files as a \(week < 3 ? "clean stop" : "kill") left them")
    try await start()
    trail.add("a start")
  }

  /// How many writes cause a flush: it is where a file appears. The server begins again before them.
  private func writesToFlush(after eve: Eve) async throws -> Int {
    let directory = try await site().directory
    let before = DirectoryState(of: directory)
    for count in 1...plan.memtableLimit {
      try await putNumbered(eve.written + count - 1..<eve.written + count)
      if DirectoryState(of: directory).hasNewFiles(since: before) {
        try await restore(eve)
        return count
      }
    }
    throw Skip("no file appeared in \(plan.memtableLimit) PUTs, so there is no flush to kill")
  }
}
