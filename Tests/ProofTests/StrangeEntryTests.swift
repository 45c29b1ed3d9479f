import Foundation
import Inspection
import TestSupport
import Testing
import Week1Memory
import Week4Compaction
import Weeks

extension ProofTests {
  /// A check of a directory and a start on it must agree, and neither may wait forever.
  @Suite("Entries that are not files")
  struct StrangeEntryTests {
    private static let trials = Effort.choose(quick: 40, full: 400)

    @Test(
      "a directory can be opened if and only if a check finds nothing wrong with it",
      arguments: ProvenWeek.all)
    func verdicts(week: ProvenWeek) throws {
      var generator = SeededGenerator.fromEnvironment()
      var verdicts: [Bool: Int] = [:]
      for number in 1...Self.trials {
        let temporary = TemporaryDirectory()
        let (path, aside) = ("\(temporary.path)/data", "\(temporary.path)/aside")
        for made in [path, aside] {
          try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
        }
        let history = try makeStore(of: week, at: path, &generator)
        var entries: [StrangeEntry] = []
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
          let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
          entries.append(StrangeEntry(besides: names, using: &generator))
          try entries.last?.put(in: path, aside: aside)
        }
        let way = Comment("\(week.name), seed \(generator.seed), trial \(number), \(entries)")
        let faults = try Inspected(path, thoroughly: true).diagnosis.faults
        verdicts[faults.isEmpty, default: 0] += 1
        // Opened by the week that wrote it, and by the newest, which relies on everything.
        let error =
          try start(week, at: path, history, way)
          ?? start(.newest, at: path, history, way)
        guard let error else {
          #expect(faults.isEmpty, way)
          continue
        }
        #expect(faults.contains { "\(error)".contains($0.file) }, "\(way): \(error), \(faults)")
        #expect(entries.contains { "\(error)".contains($0.name) }, "\(way): \(error)")
      }
      #expect(verdicts.count == 2, "some can be opened, and some cannot")
    }

    /// A new directory, one that no engine has finished opening, or one in use.
    private func makeStore(
      of week: ProvenWeek, at path: String, _ generator: inout SeededGenerator
    ) throws -> History {
      let length = [0, 3, 30].randomElement(using: &generator) ?? 0
      if length == 0 { return History() }
      let workload = Workload(seed: generator.next(), length: length, for: week)
      var session = Session(week, workload.thresholds, path: path, calls: .unsynced)
      try session.open()
      for step in workload.steps { try session.perform(step) }
      if !week.hasLog { try session.perform(.flush) }
      return session.history
    }

    /// The error thrown by a start, or by a scan after it, since week 8 opens tables only when it
    /// needs them. If neither throws, everything written is there.
    private func start(
      _ week: ProvenWeek, at path: String, _ history: History, _ way: Comment
    ) throws -> StorageError? {
      var session = Session(week, Thresholds(), path: path, calls: .unsynced)
      do throws(StorageError) {
        try session.open()
        let count = history.writes.count
        let fault = history.fault(in: try session.contents(), atLeast: count, atMost: count)
        #expect(fault == nil, way)
        try scanAll(session.engine)
        return nil
      } catch {
        return error
      }
    }

    private func scanAll(_ store: (any Store)?) throws(StorageError) {
      do throws(StorageError) {
        var scan = try store?.scan(from: "!", to: "~~")
        while try scan?.next() != nil {}
      } catch .unsupported {}
    }
  }
}
