import Foundation
import PowerLoss
import Scenarios

/// Starts a server on a state of its directory, asks it for what it holds, and kills it.
struct StateTrial: Sendable {
  let plan: PowerLossPlan
  /// Where the directories of the servers are made.
  let folder: URL

  /// How long a server may be silent when it was asked for all keys at once.
  private static let patience = Duration.milliseconds(500)

  /// What a server on `contents` says of the keys that it is asked for. If it is to write something
  /// then, it is started once more, and asked again. It is tried on other ports if it does not start:
  /// the first may have been taken.
  func observe(_ contents: DirectoryContents, _ questions: Questions) async throws -> Observation {
    let first = try await attempt(contents, questions)
    guard first.first.hasFailed || first.second?.hasFailed == true else { return first }
    return try await attempt(contents, questions)
  }

  private func attempt(
    _ contents: DirectoryContents, _ questions: Questions
  ) async throws -> Observation {
    let data = folder.appending(path: "state-\(UUID())").path
    try contents.write(to: data)
    defer { try? FileManager.default.removeItem(atPath: data) }
    var observation = Observation(
      first: try await life(on: data, questions), isCareful: questions.isCareful)
    if case .answered(let answers) = observation.first, answers.written.last?.isAcknowledged == true
    {
      observation.second = try await life(on: data, questions.afterWriting)
    }
    return observation
  }

  /// One run of the server, which is killed at its end.
  private func life(on data: String, _ questions: Questions) async throws -> Life {
    let port = try await FreePort.find()
    let server = plan.command.process(port: port, data: data)
    try server.start()
    let life: Result<Life, any Error>
    do {
      life = .success(try await ask(server, port, questions))
    } catch {
      life = .failure(error)
    }
    await server.endForGood()
    try Task.checkCancellation()  // What was seen in a cancelled task says nothing.
    return try life.get()
  }

  private func ask(
    _ server: ServerProcess, _ port: Int, _ questions: Questions
  ) async throws -> Life {
    let atOnce = questions.isCareful ? Array(questions.keys.prefix(1)) : questions.keys
    let pipeline = try Pipeline(
      port: port, patience: questions.isCareful ? plan.timeout : Self.patience)
    var answers: [Answer] = []
    let isReady = try await becomesReady(
      within: plan.startTimeout, hasEnded: { server.exit != nil },
      answers: {
        answers = await (try? pipeline.answers(to: atOnce)) ?? []
        return !answers.isEmpty
      }
    )
    guard isReady else { return .notStarted(server.exit, lastWords: server.lastWords) }
    let isHesitant = answers.count < atOnce.count
    var caller = try Caller(port: port, timeout: plan.timeout)
    for key in questions.keys.dropFirst(answers.count) {
      answers.append(await caller.get(key).answer)
    }
    let written = await write(questions.writes, over: &caller)
    await caller.close()
    let all = Dictionary(zip(questions.keys, answers)) { first, _ in first }
    return .answered(Life.Answers(ofKeys: all, written: written, isHesitant: isHesitant))
  }

  /// Sends one write after the other, up to one that is not acknowledged.
  private func write(_ writes: [Write], over caller: inout Caller) async -> [SentWrite] {
    var sent: [SentWrite] = []
    for write in writes {
      sent.append(SentWrite(write, over: 0, await caller.write(write)))
      if sent.last?.isAcknowledged == false { break }
    }
    return sent
  }
}

/// What a server on a state is asked for, and what is written to it then.
struct Questions: Sendable {
  let keys: [Key]
  var writes: [Write] = []
  /// Whether they are asked one by one.
  var isCareful = false

  /// What it is asked for once it was started again.
  var afterWriting: Questions {
    let new = writes.map(\.key).filter { !keys.contains($0) }
    return Questions(keys: keys + new, isCareful: isCareful)
  }

  /// These, and a few writes: the keys that come first are overwritten, and one is new.
  func writingOn() -> Questions {
    let new = Key(lowercaseLetters: "powerloss.on")
    var questions = self
    questions.writes = (keys.prefix(2) + [new]).enumerated().map { number, key in
      Write(key, .value("on.\(number)."))
    }
    return questions
  }
}
