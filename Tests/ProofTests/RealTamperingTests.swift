import Foundation
import TestSupport
import Testing
import Week1Memory
import Weeks

extension ProofTests {
  /// Promise 11 on the disk of this machine.
  @Suite("Tampering on a real disk")
  struct RealTamperingTests {
    private let temporary = TemporaryDirectory()
    private let files = FileManager.default
    private var data: String { "\(temporary.path)/data" }
    private var moved: String { "\(temporary.path)/moved" }
    private static let weeks = ProvenWeek.all.filter(\.hasLog)

    /// A store at `data` after some writes, ready for further ones.
    private func open(
      _ week: ProvenWeek, _ generator: inout SeededGenerator
    ) throws -> (Session, later: [Step]) {
      let workload = Workload(seed: generator.next(), length: 60, for: week)
      var session = Session(week, workload.thresholds, path: data, calls: .unsynced)
      try session.open()
      let moment = Int.random(in: 1..<40, using: &generator)
      for step in workload.steps[..<moment] { try session.perform(step) }
      return (session, workload.steps[moment...].filter { !$0.isRestart })
    }

    private func expectAll(
      _ session: inout Session, at path: String, _ generator: SeededGenerator
    ) throws {
      session.drop()
      var again = Session(session.week, session.thresholds, path: path, calls: .unsynced)
      try again.open()
      let count = session.history.writes.count
      let fault = session.history.fault(
        in: try again.contents(), atLeast: count, atMost: count)
      #expect(fault == nil, "seed \(generator.seed)")
    }

    @Test(
      "later writes go to the renamed directory, not to the one in its place",
      arguments: weeks)
    func renamed(week: ProvenWeek) throws {
      var generator = SeededGenerator.fromEnvironment()
      var (session, later) = try open(week, &generator)
      try files.moveItem(atPath: data, toPath: moved)
      var other = Session(week, session.thresholds, path: data, calls: .unsynced)
      try other.open()
      try other.perform(.set("d", "another"))
      for step in later { try session.perform(step) }
      #expect(throws: StorageError.self) {
        _ = try week.open(moved, session.thresholds, .unsynced)
      }
      try expectAll(&session, at: moved, generator)
      try expectAll(&other, at: data, generator)
    }

    @Test("without a LOCK, a second start is refused, and nothing is lost", arguments: weeks)
    func lock(week: ProvenWeek) throws {
      var generator = SeededGenerator.fromEnvironment()
      var (session, later) = try open(week, &generator)
      try files.removeItem(atPath: "\(data)/LOCK")
      let refusal = StorageError.locked(directory: data, holder: "another process")
      #expect(throws: refusal) { _ = try week.open(data, session.thresholds, .unsynced) }
      for step in later { try session.perform(step) }
      try expectAll(&session, at: data, generator)
    }

    @Test(
      "no write is answered once its log or its directory was removed or replaced",
      arguments: weeks)
    func removed(week: ProvenWeek) throws {
      func log() throws -> String {
        let names = try files.contentsOfDirectory(atPath: data)
        return "\(data)/\(try #require(week.log?.files(among: names).last))"
      }
      let removals: [(String, () throws -> Void)] = [
        ("the directory", { try files.removeItem(atPath: data) }),
        (
          "the directory, for another",
          {
            try files.removeItem(atPath: data)
            try files.createDirectory(atPath: data, withIntermediateDirectories: false)
          }
        ),
        ("the log", { try files.removeItem(atPath: log()) }),
        (
          "the log, for a copy",
          {
            let log = try log()
            try files.copyItem(atPath: log, toPath: "\(log).copy")
            try files.removeItem(atPath: log)
            try files.moveItem(atPath: "\(log).copy", toPath: log)
          }
        ),
      ]
      for (name, remove) in removals {
        var generator = SeededGenerator.fromEnvironment()
        var (session, later) = try open(week, &generator)
        try remove()
        let answered = session.history.bounds.acknowledged
        for step in later { _ = try? session.perform(step) }
        #expect(
          session.history.bounds.acknowledged == answered, "\(name), seed \(generator.seed)")
        #expect(session.engine?.writesStopped != nil, "\(name), seed \(generator.seed)")
        session.drop()
        try? files.removeItem(atPath: data)
      }
    }
  }
}
