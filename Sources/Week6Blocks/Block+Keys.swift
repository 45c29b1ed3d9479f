// A scan spends much of its time here, so this copies in raw memory: the one place in a block that does.
extension Block {
  /// The keys of `entries`, which are all of the block's, one after the other.
  func keys(of entries: [EncodedEntry]) -> [UInt8] {
    let length = entries.reduce(0) { $0 + $1.keyLength }
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { keys, count in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        var previous = 0
        for entry in entries {
          let (shared, suffix) = (entry.shared, entry.suffix)
          // Every byte that is read has been written, or is one of the block's.
          precondition(shared >= 0 && shared <= count - previous)
          precondition(suffix.lowerBound >= 0 && suffix.upperBound <= bytes.count)
          let key = unsafe UnsafeMutableBufferPointer(rebasing: keys[count...])
          for i in 0..<shared { unsafe key[i] = keys[previous + i] }
          for i in 0..<suffix.count { unsafe key[shared + i] = bytes[suffix.lowerBound + i] }
          previous = count
          count += entry.keyLength
        }
      }
    }
  }
}
