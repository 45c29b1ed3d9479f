// A scan spends much of its time here, so this copies in raw memory, as nothing else in a block does.
extension Block {
  /// The keys of `entries`, which are all entries of the block, one after the other.
  func keys(of entries: [EncodedEntry]) -> [UInt8] {
    let length = entries.reduce(0) { $0 + $1.keyLength }
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { keys, count in
      unsafe bytes.withUnsafeBytes { bytes in
        let keys = UnsafeMutableRawBufferPointer(keys)
        var previous = 0
        for entry in entries {
          let (shared, suffix) = (previous..<previous + entry.shared, entry.suffix)
          // Every byte read has been written before, or is one of the block's.
          precondition(shared.upperBound <= count)
          precondition(suffix.lowerBound >= 0 && suffix.upperBound <= bytes.count)
          unsafe keys[count...].copyBytes(from: keys[shared])
          previous = count
          count += shared.count
          unsafe keys[count...].copyBytes(from: bytes[suffix])
          count += suffix.count
        }
      }
    }
  }
}
