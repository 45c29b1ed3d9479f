/// What a torture is to do.
package struct TorturePlan: Sendable {
  /// How often the server is loaded and ended.
  package var rounds = 20
  /// How many connections load it at once.
  package var connections = 16
  /// How many keys they write, all together.
  package var keys = 512
  /// The longest that a server is under load before it is ended; the moment is random.
  package var roundTime = Duration.milliseconds(1000)
  /// How it is ended, by turns.
  package var signals = [EndSignal.kill]
  /// Whether keys are deleted.
  package var deletes = true
  /// The chance, in percent, that it is killed once more while it starts.
  package var startKills = 25
  /// In this many rounds, the first ones, writes have to fail.
  package var failingRounds = 0
  /// How long an answer may take, and the end after SIGTERM.
  package var timeout = Duration.seconds(30)
  /// How long a start may take until the first answer.
  package var startTimeout = Duration.seconds(60)
  /// How long a round may take in which writes have to fail.
  package var failureTimeout = Duration.seconds(120)
  /// Where the random numbers start.
  package var seed: UInt64

  /// The defaults.
  package init(seed: UInt64) {
    self.seed = seed
  }
}
