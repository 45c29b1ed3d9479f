import CrashModel
import PowerLoss

/// One of the states that a loss of power may leave: when, in which way, and by which chance.
struct StateChoice: Sendable {
  let moment: Int
  let outcome: CrashOutcome
  let draw: Int
  let seed: UInt64

  /// The state, from the disk as it was at the moment.
  func image(of disk: RecordedDisk) -> DiskImage {
    guard case .powerLoss(let names, let bytes) = outcome else { return disk.image }
    return disk.afterPowerLoss(names: names, bytes: bytes) { generator(of: $0) }
  }

  /// The chance of one inode.
  func generator(of inode: Int) -> SplitMix64 {
    var mixed = SplitMix64(seed: seed)
    for number in [moment, draw, inode] {
      mixed = SplitMix64(seed: mixed.next() ^ UInt64(number))
    }
    return mixed
  }
}

extension SplitMix64: RandomNumberGenerator {}

/// Some of the states that are tried, in an order that finds most faults early.
struct Pass: Sendable {
  let outcomes: [CrashOutcome]
  /// How often each outcome of chance is drawn at a moment.
  var draws = 1
  let moments: Moments
  /// Of these moments, every so many, from a first on: nil for all.
  var share: Int?

  /// So many shares are the whole.
  private static let shares = 8

  enum Moments: Sendable {
    /// Those close to a change of names or lengths, whose order with the syncs is easily got wrong,
    /// and those after a sync that failed.
    case turns
    /// Those right after an answer.
    case answers
    case all
  }

  /// A loss of power that leaves all that was written: for what the directory holds, it is a kill.
  static let nothingLost = CrashOutcome.powerLoss(names: .all, bytes: .all)
  private static let allLost = CrashOutcome.powerLoss(names: .none, bytes: .none)
  private static let certain = [nothingLost] + powerLosses.filter { !$0.isOfChance }
  private static let byChance = powerLosses.filter(\.isOfChance)
  private static let powerLosses = CrashOutcome.standard.filter(\.isPowerLoss)

  /// After the turns, all of the run in shares: a search that is short sees a part of everything.
  static let all =
    [Pass(outcomes: certain, moments: .turns)]
    + (0..<shares).flatMap { share in
      [
        Pass(outcomes: [allLost, nothingLost], moments: .answers, share: share),
        Pass(outcomes: byChance, moments: .turns, share: share),
        Pass(outcomes: certain + byChance, moments: .all, share: share),
      ]
    }
    + [Pass(outcomes: byChance, draws: 6, moments: .all)]

  /// Whether each moment is tried.
  func wanted(_ happenings: [Happening]) -> [Bool] {
    moments.wanted(happenings).enumerated().map { number, isWanted in
      isWanted && (share.map { number % Self.shares == $0 } ?? true)
    }
  }

  func choices(at moment: Int, seed: UInt64) -> [StateChoice] {
    outcomes.flatMap { outcome in
      (0..<(outcome.isOfChance ? draws : 1)).map {
        StateChoice(moment: moment, outcome: outcome, draw: $0, seed: seed)
      }
    }
  }
}

extension Pass.Moments {
  /// A moment is close to another that is no more than so many away.
  private static let reach = 4
  /// What a server does after a failed sync takes longer.
  private static let reachAfterFailure = 24

  /// Whether each moment is one of these.
  fileprivate func wanted(_ happenings: [Happening]) -> [Bool] {
    switch self {
    case .all: return happenings.map { _ in true }
    case .answers: return happenings.map(\.isAnswer)
    case .turns:
      var wanted = happenings.map { _ in false }
      for (number, happening) in happenings.enumerated() {
        let reach = happening.isTurn ? Self.reach : 0
        let after = happening.kind == .failedSync ? Self.reachAfterFailure : reach
        guard after > 0 else { continue }
        let close = max(0, number - reach)...min(number + after, happenings.count - 1)
        for number in close { wanted[number] = true }
      }
      return wanted
    }
  }
}
