import Scenarios

/// The work for the clients of a history.
package struct HistoryPlan: Sendable {
  /// The number of connections, each with one request at a time.
  package var connections = 16
  /// The number of keys that all of them read and write.
  package var keys = 8
  /// The number of operations, over all connections.
  package var operations = 2_000
  /// Whether keys are deleted.
  package var deletes = true
  /// Whether several keys are also written at once.
  package var batches = false
  /// How often the server is killed and restarted meanwhile. The clients continue until that is done.
  package var kills = 0
  /// The longest time from a start to a kill; the moment is random.
  package var killTime = Duration.milliseconds(500)
  /// The time limit for an answer.
  package var timeout = Duration.seconds(30)
  /// How long the clients continue without any answer.
  package var patience = Duration.seconds(2)
  /// The seed of the random numbers.
  package var seed: UInt64

  /// The defaults.
  package init(seed: UInt64) {
    self.seed = seed
  }

  /// The keys of a history, which no other history with this seed has.
  func keys(ofHistory number: Int) -> [Key] {
    (0..<keys).map { Key(lowercaseLetters: "linear.\(seed).\(number).\($0)") }
  }
}
