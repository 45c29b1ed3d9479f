/// What a crash does to unsynced changes.
public enum CrashOutcome: Hashable, Sendable {
  /// The process dies, and the system survives: everything written is there, synced or not. What
  /// was unsynced stays unsynced.
  case kill
  /// As `kill`, and the system has since emptied its cache, so that bytes forgotten by a failed
  /// sync can no longer be read either.
  case killAndEmptyCache
  /// The system dies, and may lose any unsynced change.
  case powerLoss(names: NameSurvival, bytes: ByteSurvival)

  /// Which of the unsynced changes to the names in a directory survive.
  public enum NameSurvival: String, CaseIterable, Sendable {
    case none, all
    /// The first few: the order that a journaling file system keeps.
    case prefix
    /// Any of them, each whole: all that POSIX promises.
    case anySubset
  }

  /// Which of the unsynced changes to a file's bytes and length survive.
  public enum ByteSurvival: String, CaseIterable, Sendable {
    case none, all
    /// The first few, and the first bytes of the next one.
    case prefix
    /// Any of the writes, possibly a later one without an earlier one.
    case anyWrites
    /// Any sectors (512 bytes) of the writes.
    case anySectors
    /// Any single bytes of the writes.
    case anyBytes
  }

  /// The outcomes that a crash proof tries at each point: first the certain ones, then the random ones.
  public static let standard: [CrashOutcome] = [
    .kill,
    .powerLoss(names: .none, bytes: .none),
    .powerLoss(names: .all, bytes: .none),
    .powerLoss(names: .none, bytes: .all),
    .powerLoss(names: .prefix, bytes: .prefix),
    .powerLoss(names: .anySubset, bytes: .anyWrites),
    .powerLoss(names: .anySubset, bytes: .anySectors),
    .powerLoss(names: .anySubset, bytes: .anyBytes),
  ]

  public var isPowerLoss: Bool {
    if case .powerLoss = self { true } else { false }
  }
}

extension CrashOutcome: CustomStringConvertible {
  public var description: String {
    switch self {
    case .kill: "kill"
    case .killAndEmptyCache: "kill, cache emptied"
    case .powerLoss(let names, let bytes): "power loss (names \(names), bytes \(bytes))"
    }
  }
}

extension CrashOutcome {
  /// Whether it is random, and so worth trying more than once.
  public var isOfChance: Bool {
    guard case .powerLoss(let names, let bytes) = self else { return false }
    return names == .prefix || names == .anySubset || (bytes != .none && bytes != .all)
  }
}
