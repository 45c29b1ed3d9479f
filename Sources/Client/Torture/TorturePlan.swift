/// The settings of a torture.
package struct TorturePlan: Sendable {
  /// How often the server is loaded and ended.
  package var rounds = 20
  /// The number of connections that load it at once.
  package var connections = 16
  /// The number of keys that they write in total.
  package var keys = 512
  /// The longest load before the server is ended; the moment is random.
  package var roundTime = Duration.milliseconds(1000)
  /// The signals that end it, in turn.
  package var signals = [EndSignal.kill]
  /// Whether keys are deleted.
  package var deletes = true
  /// The probability, in percent, that it is killed once more during a start.
  package var startKills = 25
  /// In this many rounds at the beginning, writes must fail.
  package var failingRounds = 0
  /// The time limit for an answer, and for the exit after SIGTERM.
  package var timeout = Duration.seconds(30)
  /// The time limit for a start, until the first answer.
  package var startTimeout = Duration.seconds(60)
  /// The time limit for a round in which writes must fail.
  package var failureTimeout = Duration.seconds(120)
  /// The seed of the random numbers.
  package var seed: UInt64

  /// The defaults.
  package init(seed: UInt64) {
    self.seed = seed
  }
}
