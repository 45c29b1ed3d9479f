import Basics

/// XXH64, a 64-bit hash that distributes any keys evenly (Yann Collet, the specification of xxHash,
/// 2016). It is part of the format: a filter on disk must be read with the function that built it,
/// on every machine. It does not protect against keys chosen to collide.
enum XXHash64 {
  private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
  private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
  private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
  private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
  private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

  /// The hash of `bytes` with seed 0. O(`count`), eight bytes at a time.
  static func of(_ bytes: Bytes) -> UInt64 {
    // Bytes are contiguous, so the closure is always called.
    unsafe bytes.withContiguousStorageIfAvailable { unsafe of(UnsafeRawBufferPointer($0)) } ?? 0
  }

  private static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var (hash, offset) = (prime5, 0)
    if bytes.count >= 32 { unsafe (hash, offset) = stripes(bytes) }
    hash &+= UInt64(bytes.count)
    while offset + 8 <= bytes.count {
      hash ^= round(0, unsafe word(bytes, offset))
      hash = rotated(hash, 27) &* prime1 &+ prime4
      offset += 8
    }
    if offset + 4 <= bytes.count {
      let half = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      hash ^= UInt64(UInt32(littleEndian: half)) &* prime1
      hash = rotated(hash, 23) &* prime2 &+ prime3
      offset += 4
    }
    while offset < bytes.count {
      hash ^= UInt64(unsafe bytes[offset]) &* prime5
      hash = rotated(hash, 11) &* prime1
      offset += 1
    }
    return avalanche(hash)
  }

  /// Four independent sums over stripes of 32 bytes, so that the processor can work on all at once.
  private static func stripes(_ bytes: UnsafeRawBufferPointer) -> (hash: UInt64, end: Int) {
    var sums: InlineArray<4, UInt64> = [prime1 &+ prime2, prime2, 0, 0 &- prime1]
    var offset = 0
    while offset + 32 <= bytes.count {
      for lane in 0..<4 { sums[lane] = round(sums[lane], unsafe word(bytes, offset + 8 * lane)) }
      offset += 32
    }
    var hash =
      rotated(sums[0], 1) &+ rotated(sums[1], 7) &+ rotated(sums[2], 12) &+ rotated(sums[3], 18)
    for lane in 0..<4 { hash = (hash ^ round(0, sums[lane])) &* prime1 &+ prime4 }
    return (hash, offset)
  }

  private static func round(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    rotated(sum &+ word &* prime2, 31) &* prime1
  }

  /// Spreads every bit of the input over every bit of the hash.
  private static func avalanche(_ hash: UInt64) -> UInt64 {
    var hash = hash
    hash = (hash ^ hash >> 33) &* prime2
    hash = (hash ^ hash >> 29) &* prime3
    return hash ^ hash >> 32
  }

  private static func rotated(_ number: UInt64, _ bits: UInt64) -> UInt64 {
    number << bits | number >> (64 - bits)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
