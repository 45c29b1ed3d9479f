import Foundation
import Scenarios

// Tables that are merged.
extension CheckedServer {
  /// Which part of what was written may be left after a merge of it.
  private static let mostLeft = 0.6

  /// Fills five tables with mostly the same keys, and reads all of them before and after a kill. The merge
  /// after the last write must be seen in the sizes of the files too.
  func mergesFiveTables() async throws {
    let load = MergeLoad(
      .five, filling: plan.memtableLimit, key: { key($0) }, shuffled: { shuffled($0) })
    let sent = "\(load.writes.count) writes: 5 times \(load.limit) keys, mostly the same"
    var states: [Key: State] = [:]
    let isWhole = try await inTime(load.writes, "writes") { write in
      try await ask(write.request)
      states[write.key] = write.state
    }
    let limit = Int(Double(load.bytes) * Self.mostLeft)
    // Gives a merge in the background time to finish, so that what it wrote is what is read.
    if isWhole { _ = try await size(fallsBelow: limit, within: .seconds(1)) }
    try await readAll(states)
    try await restart(by: .kill)
    try await readAll(states)
    if isWhole { try await hasShrunk(below: limit, of: load.bytes, sent) }
  }

  private func readAll(_ states: [Key: State]) async throws {
    try await inTime(states.sorted { $0.key < $1.key }, "keys read") { key, state in
      try await mergedGet(key, is: state)
    }
  }

  private func hasShrunk(below limit: Int, of bytes: Int, _ sent: String) async throws {
    let state = try await size(fallsBelow: limit, within: plan.timeout)
    if state.bytes < limit { return }
    let files = state.largest.prefix(8).map { "  \($0.name): \(Self.megabytes($0.size))" }
    throw Mistake(
      sent: [sent, "\(Self.megabytes(bytes)) of keys and values"] + trail.eventLines,
      expected: "a merge, after which the files have less than \(Self.megabytes(limit))",
      came: (["\(Self.megabytes(state.bytes)) after \(Brief.text(of: plan.timeout))"] + files)
        .joined(separator: "\n"),
      hint: "after 10,000 writes all tables are merged into new ones, and the old ones are removed",
      section: .task(4))
  }

  /// Waits until the files have fewer than `limit` bytes, or until the time is over. Returns the last state.
  private func size(fallsBelow limit: Int, within time: Duration) async throws -> DirectoryState {
    let (end, directory) = (ContinuousClock.now + time, try await site().directory)
    while true {
      let state = DirectoryState(of: directory)
      if state.bytes < limit || ContinuousClock.now > end { return state }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private static func megabytes(_ bytes: Int) -> String {
    "\((Double(bytes) / 1e5).rounded() / 10) MB"
  }
}
