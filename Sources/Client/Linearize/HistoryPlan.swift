import Scenarios

/// What the clients of a history are to do.
package struct HistoryPlan: Sendable {
  /// How many connections there are, each with one request at a time.
  package var connections = 16
  /// How many keys all of them read and write.
  package var keys = 8
  /// How many operations they ask for, all together.
  package var operations = 2_000
  /// Whether keys are deleted.
  package var deletes = true
  /// Whether keys are also written several at once.
  package var batches = false
  /// How often the server is killed and started meanwhile. The clients go on until that is done.
  package var kills = 0
  /// The longest time from a start to a kill; the moment is random.
  package var killTime = Duration.milliseconds(500)
  /// How long an answer may take.
  package var timeout = Duration.seconds(30)
  /// For how long the clients go on without any answer.
  package var patience = Duration.seconds(2)
  /// Where the random numbers start.
  package var seed: UInt64

  /// The defaults.
  package init(seed: UInt64) {
    self.seed = seed
  }

  /// The keys of a history: no other history with this seed has them.
  func keys(ofHistory number: Int) -> [Key] {
    (0..<keys).map { Key(lowercaseLetters: "linear.\(seed).\(number).\($0)") }
  }
}
