/// What a crash does to what was not synced.
public enum CrashOutcome: Hashable, Sendable {
  /// The process dies, and the system lives: all that was written is there, synced or not. What was
  /// not synced before is still not synced.
  case kill
  /// As `kill`, and the system has since emptied its cache, so that what a failed sync has forgotten
  /// is no longer read either.
  case killAndEmptyCache
  /// The system dies, and with it any of what was not synced.
  case powerLoss(names: NameSurvival, bytes: ByteSurvival)

  /// Which of the unsynced changes to the names in a directory survive.
  public enum NameSurvival: String, CaseIterable, Sendable {
    case none, all
    /// The first so many: the order a journaling file system keeps.
    case prefix
    /// Any of them, each whole: all that POSIX promises.
    case anySubset
  }

  /// Which of the unsynced changes to a file's bytes and length survive.
  public enum ByteSurvival: String, CaseIterable, Sendable {
    case none, all
    /// The first so many, and of the next the first so many bytes.
    case prefix
    /// Any of the writes, a later one perhaps without an earlier one.
    case anyWrites
    /// Any sectors (512 bytes) of the writes.
    case anySectors
    /// Any single bytes of the writes.
    case anyBytes
  }

  /// The outcomes a crash proof tries at each point: those that are certain, then those of chance.
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
  /// Whether it leaves something to chance, so that it is worth trying more than once.
  public var isOfChance: Bool {
    guard case .powerLoss(let names, let bytes) = self else { return false }
    return names == .prefix || names == .anySubset || (bytes != .none && bytes != .all)
  }
}
