import Foundation

/// How much random tests and proofs try: a little on every `swift test`, much with `STRATA_PROOF=full`.
public struct Effort: Sendable {
  public static let isFull = ProcessInfo.processInfo.environment["STRATA_PROOF"] == "full"

  /// The first seed of every proof; further ones count up from it. It is always the same unless
  /// `STRATA_SEED` is set, so that a run that failed once fails again.
  public static let seed =
    ProcessInfo.processInfo.environment["STRATA_SEED"].flatMap { UInt64($0) } ?? 20_261_123

  public static func choose<Amount>(quick: Amount, full: Amount) -> Amount {
    isFull ? full : quick
  }

  /// The seeds of a proof that runs this many times.
  public static func seeds(quick: Int, full: Int) -> Range<UInt64> {
    seed..<seed + UInt64(choose(quick: quick, full: full))
  }
}
