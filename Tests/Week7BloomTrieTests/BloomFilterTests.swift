import Basics
import Foundation
import TestSupport
import Testing
import Week1Memory

@testable import Week7BloomTrie

@Suite("A Bloom filter")
struct BloomFilterTests {
  private func filter(of keys: some Sequence<String>, bitsPerKey: Int = 10) throws -> BloomFilter {
    var builder = BloomFilterBuilder(bitsPerKey: bitsPerKey)
    for key in keys { builder.add(hash: XXHash64.of(Bytes(key.utf8))) }
    let encoded = try #require(builder.encoded())
    return try BloomFilter(Bytes(encoded))
  }

  @Test(
    "never denies a key that was added", arguments: [1, 2, 10, 32], [1, 7, 3_000])
  func noFalseNegative(bitsPerKey: Int, count: Int) throws {
    let keys = (0..<count).map { "key \($0)" }
    let filter = try filter(of: keys, bitsPerKey: bitsPerKey)
    #expect(keys.allSatisfy { filter.mayContain(hash: XXHash64.of(Bytes($0.utf8))) })
  }

  @Test("is built from keys and queried for keys by their hashes")
  func keys() throws {
    var builder = BloomFilterBuilder(bitsPerKey: 10)
    for key in ["apple", "pear"] as [Key] { builder.add(key) }
    let filter = try BloomFilter(Bytes(#require(builder.encoded())))
    #expect(filter.mayContain("apple") && filter.mayContain("pear"))
    #expect(!filter.mayContain("fig"))
  }

  /// The number of keys in a block follows a Poisson distribution. With i keys of k bits in it, a
  /// bit is set with probability 1 - (1 - 1/512)^(ki), and a false positive needs k set bits.
  private func theory(bitsPerKey: Int) -> Double {
    let (k, load) = (Double(BloomFilter.probes(bitsPerKey: bitsPerKey)), 512 / Double(bitsPerKey))
    var (rate, probability) = (0.0, exp(-load))
    for i in 0..<2_000 {
      rate += probability * pow(1 - pow(1 - 1 / 512, k * Double(i)), k)
      probability *= load / Double(i + 1)
    }
    return rate
  }

  @Test("is wrong as often as theory predicts", arguments: [4, 8, 10, 12, 16])
  func falsePositives(bitsPerKey: Int) throws {
    let filter = try filter(of: (0..<20_000).map { "key \($0)" }, bitsPerKey: bitsPerKey)
    let asked = Effort.choose(quick: 30_000, full: 1_000_000)
    let wrong = (0..<asked).count {
      filter.mayContain(hash: XXHash64.of(Bytes("other \($0)".utf8)))
    }
    let (rate, expected) = (Double(wrong) / Double(asked), theory(bitsPerKey: bitsPerKey))
    // Five standard deviations of the count, and a tenth for what is not random in a hash.
    let tolerance = 5 * (expected / Double(asked)).squareRoot() + expected / 10
    #expect(abs(rate - expected) < tolerance, "\(rate), and theory says \(expected)")
  }

  @Test("takes its bits per key, rounded up to whole blocks")
  func size() throws {
    let filter = try filter(of: (0..<10_000).map { "\($0)" })
    #expect((12_500...12_500 + 65).contains(filter.byteCount))
    #expect(filter.probes == 6)
  }

  @Test("of no keys, or without bits, does not exist")
  func none() {
    #expect(BloomFilterBuilder(bitsPerKey: 10).encoded() == nil)
    var builder = BloomFilterBuilder(bitsPerKey: 0)
    builder.add(hash: 1)
    #expect(builder.encoded() == nil)
  }

  @Test(
    "that is malformed is refused",
    arguments: [
      [], [6], [6] + [UInt8](repeating: 0, count: 63), [0] + [UInt8](repeating: 0, count: 64),
      [23] + [UInt8](repeating: 0, count: 64), [6] + [UInt8](repeating: 0, count: 65),
    ])
  func malformed(bytes: [UInt8]) {
    #expect(throws: MalformedText.self) { try BloomFilter(Bytes(bytes)) }
  }
}

@Suite("XXH64")
struct XXHash64Tests {
  @Test(
    "gives the published values",
    arguments: [
      ("", 0xef46_db37_51d8_e999), ("a", 0xd24e_c4f1_a98c_6e5b), ("abc", 0x44bc_2cf5_ad77_0999),
      ("Nobody inspects the spammish repetition", 0xfbce_a83c_8a37_8bf1),
    ] as [(String, UInt64)])
  func vectors(text: String, hash: UInt64) {
    #expect(XXHash64.of(Bytes(text.utf8)) == hash)
  }

  @Test("depends only on the bytes, not on their place in a buffer")
  func alignment() {
    let text = Array("the quick brown fox jumps over the lazy dog, twice and then once more".utf8)
    for length in 0...text.count {
      let alone = XXHash64.of(Bytes(text[..<length]))
      for offset in 1...8 {
        let buffer = [UInt8](repeating: 7, count: offset) + text[..<length] + [9]
        let part = Bytes(sharing: buffer, in: offset..<offset + length)
        #expect(XXHash64.of(part) == alone)
      }
    }
  }
}
