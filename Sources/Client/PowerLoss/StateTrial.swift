import Foundation
import PowerLoss
import Scenarios

/// Starts a server on a state of its directory, asks it for what it holds, and kills it.
struct StateTrial: Sendable {
  let plan: PowerLossPlan
  /// Where the directories of the servers are made.
  let folder: URL

  /// So many keys share a connection.
  private static let keysOfConnection = 32
  private static let mostConnections = 4

  /// What a server on `contents` says of `keys`. It is tried on a second port if it does not start:
  /// the first may have been taken.
  func observe(_ contents: DirectoryContents, asking keys: [Key]) async throws -> Observation {
    let first = try await attempt(contents, keys)
    guard case .notStarted(_?, _) = first else { return first }
    return try await attempt(contents, keys)
  }

  private func attempt(_ contents: DirectoryContents, _ keys: [Key]) async throws -> Observation {
    let data = folder.appending(path: "state-\(UUID())").path
    try contents.write(to: data)
    defer { try? FileManager.default.removeItem(atPath: data) }
    let port = try await FreePort.find()
    let server = plan.command.process(port: port, data: data)
    try server.start()
    let observation: Result<Observation, any Error>
    do {
      observation = .success(try await ask(server, port, keys))
    } catch {
      observation = .failure(error)
    }
    await server.endForGood()
    try Task.checkCancellation()  // What was seen in a cancelled task says nothing.
    return try observation.get()
  }

  private func ask(_ server: ServerProcess, _ port: Int, _ keys: [Key]) async throws -> Observation
  {
    guard let first = keys.first else { return .answers([:]) }
    var caller = try Caller(port: port, timeout: plan.timeout)
    let isReady = try await becomesReady(
      within: plan.startTimeout, hasEnded: { server.exit != nil },
      answers: { if case .reply = await caller.get(first).answer { true } else { false } }
    )
    guard isReady else { return .notStarted(server.exit, lastWords: server.lastWords) }
    await caller.close()
    return .answers(try await answers(port, keys))
  }

  private func answers(_ port: Int, _ keys: [Key]) async throws -> [Key: Answer] {
    let lanes = min(Self.mostConnections, 1 + keys.count / Self.keysOfConnection)
    return try await withThrowingTaskGroup(of: [Key: Answer].self) { group in
      for lane in 0..<lanes {
        group.addTask {
          var caller = try Caller(port: port, timeout: plan.timeout)
          var answers: [Key: Answer] = [:]
          for index in stride(from: lane, to: keys.count, by: lanes) {
            answers[keys[index]] = await caller.get(keys[index]).answer
          }
          await caller.close()
          return answers
        }
      }
      return try await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
  }
}
