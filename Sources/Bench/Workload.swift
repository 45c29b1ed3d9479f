import Basics
import Week1Memory

/// The keys and values of the workload: those of other engines' benchmarks, so that figures can be
/// compared. Keys have 16 bytes and values 100.
struct Workload: Sendable {
  let entries: Int

  static let keyLength = 16
  static let valueLength = 100
  static let entryLength = keyLength + valueLength

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  /// The i-th key in order: its number in 16 decimal digits.
  func sequentialKey(_ i: Int) throws -> Key {
    var rest = i
    var digits = [UInt8](repeating: UInt8(ascii: "0"), count: Self.keyLength)
    for place in digits.indices.reversed() where rest > 0 {
      digits[place] += UInt8(rest % 10)
      rest /= 10
    }
    return try Key(Bytes(digits))
  }

  /// The i-th random key: the 16 hexadecimal digits of splitmix64(i).
  func randomKey(_ i: Int) throws -> Key {
    let number = Self.mix(UInt64(i))
    let digits = [UInt8](unsafeUninitializedCapacity: Self.keyLength) { bytes, count in
      for place in 0..<Self.keyLength {
        bytes[place] = Self.hexadecimal[Int(number >> (60 - 4 * place) & 15)]
      }
      count = Self.keyLength
    }
    return try Key(Bytes(digits))
  }

  /// A random key that was set.
  func presentKey(_ i: Int) throws -> Key {
    try randomKey(Int(Self.mix(UInt64(i + 7)) % UInt64(entries)))
  }

  func absentKey(_ i: Int) throws -> Key {
    try randomKey(entries + i)
  }

  /// 100 lowercase letters.
  func value(_ i: Int) throws -> Value {
    var number = Self.mix(UInt64(i) ^ 0xabcdef)
    let letters = [UInt8](unsafeUninitializedCapacity: Self.valueLength) { bytes, count in
      for place in 0..<Self.valueLength {
        if place % 12 == 0 { number = Self.mix(number) }
        bytes[place] = UInt8(ascii: "a") + UInt8(number >> (5 * UInt64(place % 12)) % 26)
      }
      count = Self.valueLength
    }
    return try Value(Bytes(letters))
  }

  /// splitmix64 (Steele, Lea and Flood, 2014).
  static func mix(_ seed: UInt64) -> UInt64 {
    var x = seed &+ 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    return x ^ (x >> 31)
  }
}
