import Scenarios

/// The connections to the recorded server in one round, and what was asked over them.
struct Visit: Sendable {
  var callers: [Caller] = []
  /// The first calls of each connection, made while nobody else asked anything.
  var introductions: [(connection: Int, call: Caller.Call)] = []
  var sent: [SentWrite] = []
  private let connections: Int
  private let port: Int

  init(connections: Int, port: Int) {
    self.connections = connections
    self.port = port
  }

  /// Waits until the server answers, and opens one connection after another.
  mutating func begin(
    _ recorder: Recorder, _ plan: PowerLossPlan, _ writers: [Writer]
  ) async throws {
    for number in 0..<connections {
      var caller = try Caller(port: port, timeout: plan.timeout)
      let isReady = try await becomesReady(
        within: plan.startTimeout, hasEnded: { recorder.exit != nil },
        answers: {
          let call = await caller.get(writers[number].keys[0])
          introductions.append((number, call))
          if case .reply = call.answer { return true } else { return false }
        })
      if !isReady && number > 0 && recorder.exit == nil { throw PowerLossFailure.oneConnection }
      if !isReady {
        throw PowerLossFailure.notStarted(recorder.exit, lastWords: recorder.lastWords)
      }
      callers.append(caller)
    }
  }

  mutating func get(_ key: Key, over number: Int) async -> Caller.Call {
    await callers[number].get(key)
  }

  /// Whether the server answers the DELETE of a key that is not there with success.
  mutating func canDelete() async -> Bool {
    let key = Key(lowercaseLetters: "powerloss.none")
    let call = await callers[0].write(Write(key, .absent))
    introductions.append((0, call))
    if case .reply(200...299, _) = call.answer { return true }
    return false
  }

  mutating func close() async {
    for index in callers.indices { await callers[index].close() }
  }
}
