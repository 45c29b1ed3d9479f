package import Basics
package import Week1Memory

/// How much memory filters take, which decides how rarely they are wrong.
public struct FilterOptions: Sendable {
  /// Bits per key of a table: 0 for no filter, 32 at most. With 10, about one miss in a hundred
  /// reads a block in vain.
  public var bitsPerKey: Int

  public static let maximumBitsPerKey = 32

  public init(bitsPerKey: Int = 10) {
    self.bitsPerKey = bitsPerKey
  }
}

/// A Bloom filter: tells whether a key is *not* in a set or may be in it (Bloom, "Space/time
/// trade-offs in hash coding with allowable errors", 1970).
///
/// A key sets a few bits, at positions chosen by its hash. If one of a key's bits is not set, the
/// key was never added. If all are set, it may have been added, or other keys have set them: a
/// *false positive*.
///
/// The filter is blocked (Putze, Sanders, Singler, 2007): all bits of a key are in one block of 64
/// bytes, so a lookup touches one place in memory instead of one per bit. The price is that some
/// blocks are fuller than others, and so a few more false positives.
public struct BloomFilter: Sendable {
  static let blockLength = 64

  /// The number of bits that a key sets.
  let probes: Int
  /// The number of probes in one byte, then the blocks.
  private let bytes: Bytes
  private let blocks: UInt64

  /// Reads a filter as encoded by `BloomFilterBuilder`. Throws if it is malformed.
  package init(_ bytes: Bytes) throws(MalformedText) {
    guard bytes.count > Self.blockLength, (bytes.count - 1) % Self.blockLength == 0 else {
      throw MalformedText(at: 0, "a filter of \(bytes.count) bytes is not one of whole blocks")
    }
    guard (1...Self.maximumProbes).contains(Int(bytes[0])) else {
      throw MalformedText(at: 0, "a key of a filter has \(bytes[0]) bits")
    }
    self.bytes = bytes
    probes = Int(bytes[0])
    blocks = UInt64((bytes.count - 1) / Self.blockLength)
  }

  /// The memory that the filter takes.
  var byteCount: Int { bytes.count }

  /// False only if `key` was not added. O(key length + probes).
  package func mayContain(_ key: Key) -> Bool {
    mayContain(hash: XXHash64.of(key.bytes))
  }

  /// False only if no key with this hash was added. O(probes), in at most two adjacent cache lines.
  func mayContain(hash: UInt64) -> Bool {
    let block = 1 + Self.block(of: hash, among: blocks)
    var bits = UInt32(truncatingIfNeeded: hash)
    for _ in 0..<probes {
      let bit = Self.nextBit(&bits)
      if bytes[block + bit / 8] & (1 << UInt8(bit % 8)) == 0 { return false }
    }
    return true
  }
}

extension BloomFilter {
  /// The number of probes with the fewest false positives, bits per key times ln 2, rounded down:
  /// one probe less costs little, because the blocks are not equally full.
  static func probes(bitsPerKey: Int) -> Int {
    min(maximumProbes, max(1, Int(Double(bitsPerKey) * 0.69)))
  }

  static let maximumProbes = 22

  /// The offset of the block for a hash. The upper half chooses it, by a multiplication instead of
  /// a division (Lemire, "Fast random integer generation in an interval", 2019).
  static func block(of hash: UInt64, among blocks: UInt64) -> Int {
    Int(((hash >> 32) &* blocks) >> 32) * blockLength
  }

  /// The next bit of a key in its block: the upper nine bits of the lower half of the hash, mixed
  /// by a multiplication with the golden ratio.
  static func nextBit(_ bits: inout UInt32) -> Int {
    bits = bits &* 0x9e37_79b9
    return Int(bits >> 23)
  }
}

/// Collects the hashes of a table's keys until their number is known, and then sets their bits.
struct BloomFilterBuilder {
  private var hashes: [UInt64] = []
  private let bitsPerKey: Int

  init(bitsPerKey: Int) {
    self.bitsPerKey = min(bitsPerKey, FilterOptions.maximumBitsPerKey)
  }

  mutating func add(_ key: Key) {
    add(hash: XXHash64.of(key.bytes))
  }

  mutating func add(hash: UInt64) {
    hashes.append(hash)
  }

  /// The filter as bytes: one for the number of probes, then the blocks. Nil if there are no keys
  /// or no bits.
  func encoded() -> [UInt8]? {
    if hashes.isEmpty || bitsPerKey < 1 { return nil }
    let bits = hashes.count * bitsPerKey
    let blocks = (bits + 8 * BloomFilter.blockLength - 1) / (8 * BloomFilter.blockLength)
    let probes = BloomFilter.probes(bitsPerKey: bitsPerKey)
    var bytes = [UInt8](repeating: 0, count: 1 + blocks * BloomFilter.blockLength)
    bytes[0] = UInt8(probes)
    for hash in hashes {
      let block = 1 + BloomFilter.block(of: hash, among: UInt64(blocks))
      var stirred = UInt32(truncatingIfNeeded: hash)
      for _ in 0..<probes {
        let bit = BloomFilter.nextBit(&stirred)
        bytes[block + bit / 8] |= 1 << UInt8(bit % 8)
      }
    }
    return bytes
  }
}
