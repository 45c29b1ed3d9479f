// A scan spends much of its time here, so this copies in raw memory: the one place in a block that does.
extension Block {
  /// The keys of `entries`, which are all of the block's, one after the other.
  func keys(of entries: [EncodedEntry]) -> [UInt8] {
    let length = entries.reduce(0) { $0 + $1.keyLength }
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { keys, count in
      unsafe bytes.withUnsafeBytes { bytes in
        let keys = UnsafeMutableRawBufferPointer(keys)
        var previous = 0
        for entry in entries {
          let (shared, suffix) = (previous..<previous + entry.shared, entry.suffix)
          // Every byte that is read has been written, or is one of the block's.
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
