/// What a run of checks is to do.
package struct CheckPlan: Sendable {
  /// Every check of this week and of the earlier ones is run.
  package var week: Int
  /// How many requests the long checks send. The default makes more than 10,000 writes, after which
  /// week 4 of the series compacts.
  package var requests = 13_000
  /// The number of entries at which the server flushes its memtable. It merges its tables after five times
  /// as many writes.
  package var memtableLimit = 2_000
  /// How often a server is killed under load. In flushes, and while 16 clients look for an order, it is killed
  /// three times as often.
  package var kills = 6
  /// How long each part of a long check may take. Then the check is cut short.
  package var patience = Duration.seconds(60)
  /// How long an answer may take, and the end after SIGTERM.
  package var timeout = Duration.seconds(10)
  /// How long a start may take until the first answer.
  package var startTimeout = Duration.seconds(30)
  /// Where the random numbers start.
  package var seed: UInt64

  /// The defaults.
  package init(week: Int, seed: UInt64) {
    self.week = week
    self.seed = seed
  }

  /// The part of this that starts, ends and tortures servers.
  var torture: TorturePlan {
    var torture = TorturePlan(seed: seed)
    torture.timeout = timeout
    torture.startTimeout = startTimeout
    torture.deletes = week >= 4
    return torture
  }
}
