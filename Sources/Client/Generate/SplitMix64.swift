/// A small seeded random number generator (Steele, Lea and Flood, 2014).
///
/// Not Swift's own: the way `Int.random(in:using:)` uses a generator's bits may change with the
/// library, and a seed must give the same scenario on every machine, in any year.
package struct SplitMix64: Sendable {
  private var state: UInt64

  /// The sequence of numbers for `seed`.
  package init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in 0..<bound: the bits as a fraction of 2^64, times the bound. The probabilities
  /// differ by less than bound / 2^64.
  package mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True once in `count` times on average.
  package mutating func oneIn(_ count: Int) -> Bool {
    below(count) == 0
  }

  /// A seed for a run without one. Half the bits, so that a person can type it again.
  static func newSeed() -> UInt64 { UInt64(UInt32.random(in: .min ... .max)) }
}
