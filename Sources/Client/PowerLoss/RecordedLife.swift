import Foundation
import PowerLoss
import Scenarios

/// The life of a server that is recorded: it is started on an empty directory, loaded, ended, and
/// started again, round after round.
struct RecordedLife: Sendable {
  private let plan: PowerLossPlan
  private let folder: URL
  private let data: String
  private var writers: [Writer]
  private var random: SplitMix64
  private var sent: [SentWrite] = []
  private var deletes: Bool?
  private(set) var recording: DiskRecording

  /// Its files are in `folder`, which is there and has no symbolic link in its path.
  init(_ plan: PowerLossPlan, in folder: URL) throws {
    self.plan = plan
    self.folder = folder
    data = folder.appending(path: "data").path
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
    var random = SplitMix64(seed: plan.seed)
    writers = (0..<plan.connections).map { number in
      Writer(number: number, keys: plan.keysOfConnection, seed: random.next())
    }
    self.random = random
    deletes = plan.deletes
    recording = DiskRecording(root: data, on: plan.fileSystem)
  }

  var history: WriteHistory { WriteHistory(sent) }

  /// Runs all rounds. `progress` is called with how many are over.
  mutating func run(progress: (Int) -> Void) async throws {
    for round in 0..<plan.rounds {
      try Task.checkCancellation()
      try await run(round)
      progress(round + 1)
    }
  }

  /// The last round of several has a sync that fails. Where that is one of the start, which then has
  /// to fail too, a later one is taken.
  private mutating func run(_ round: Int) async throws {
    var failingSync: Int?
    if plan.rounds > 1 && round == plan.rounds - 1 {
      failingSync = recording.syncsBeforeFirstAnswer.map { $0 + 2 + random.below(3) }
    }
    for _ in 1..<Self.mostStarts {
      if try await live(round, failingSync) { return }
      failingSync = failingSync.map { $0 + Self.syncsOfStart }
    }
    _ = try await live(round, nil)
  }

  private static let mostStarts = 5
  private static let syncsOfStart = 5

  /// Starts the server, loads it and ends it. Returns false if it did not start since a sync failed.
  private mutating func live(_ round: Int, _ failingSync: Int?) async throws -> Bool {
    let port = try await FreePort.find()
    let recorder = Recorder(
      plan.command, port: port, data: data,
      trace: folder.appending(path: "trace.\(recording.starts.count + 1)"),
      failingSync: failingSync)
    var visit = Visit(connections: plan.connections, port: port)
    var isStarted = true
    do {
      try recorder.start()
      try await visit.begin(recorder, plan, writers)
      if round > 0 { try await audit(&visit, round) }
      try await load(&visit, recorder, mayFail: failingSync != nil)
      await visit.close()
      try await end(recorder, by: round % 2 == 1 && failingSync == nil ? .term : .kill)
    } catch PowerLossFailure.notStarted(_?, _) where failingSync != nil {
      isStarted = false
    } catch {
      await visit.close()
      await recorder.endForGood()
      throw error
    }
    try await add(visit, try await recorder.finishedTrace())
    return isStarted
  }
}

extension RecordedLife {
  /// Nothing may be lost by a mere restart.
  private mutating func audit(_ visit: inout Visit, _ round: Int) async throws {
    let history = history
    for (number, writer) in writers.enumerated() {
      for key in writer.keys {
        let call = await visit.get(key, over: number)
        let allowance = history.allowance(of: key, at: .max, time: .max)
        guard let finding = Finding(call.answer, of: key, allowance) else { continue }
        throw PowerLossFailure.lostWithoutCrash(finding, round: round)
      }
    }
  }

  private mutating func load(
    _ visit: inout Visit, _ recorder: Recorder, mayFail: Bool
  ) async throws {
    if deletes == nil { deletes = await visit.canDelete() }
    let load = Load(
      writes: max(1, plan.writes / plan.rounds / plan.connections), deletes: deletes == true,
      end: plan.patience.map { ContinuousClock.now + $0 / plan.rounds })
    let sent = await load.run(&writers, over: &visit.callers)
    visit.sent = sent
    if mayFail { return }
    guard let refused = sent.first(where: { !$0.isAcknowledged }) else { return }
    if let exit = await recorder.exit(within: .milliseconds(200)) {
      throw PowerLossFailure.ended(exit, lastWords: recorder.lastWords)
    }
    throw PowerLossFailure.refused(refused)
  }

  private func end(_ recorder: Recorder, by signal: EndSignal) async throws {
    recorder.end(by: signal)
    if await recorder.exit(within: plan.timeout) == nil {
      throw PowerLossFailure.unstoppable(signal, after: plan.timeout)
    }
  }

  /// Adds what was recorded, and the moments of the answers to what was sent.
  private mutating func add(_ visit: Visit, _ trace: Trace) async throws {
    try recording.add(
      trace, workingDirectory: FileManager.default.currentDirectoryPath,
      leaving: DirectoryContents(at: data))
    let first = recording.starts.last ?? 0
    var finder = AnswerFinder(recording.happenings[first...])
    for (connection, call) in visit.introductions { finder.introduce(connection, by: call) }
    for var write in visit.sent.sorted(by: { $0.call.received < $1.call.received }) {
      let moment = finder.moment(of: write.call, over: write.connection)
      if write.isAcknowledged { write.answered = moment }
      sent.append(write)
    }
  }
}

extension DiskRecording {
  /// How often the server has synced in its last run before it answered anything; nil if it has never
  /// synced at all.
  var syncsBeforeFirstAnswer: Int? {
    guard happenings.contains(where: { $0.kind == .sync }), let first = starts.last else {
      return nil
    }
    return happenings[first...].prefix { !$0.isAnswer }.count { $0.kind == .sync }
  }
}
