import Basics

// Scans, and gets that read a block, spend much of their time here, so this copies in raw memory: the one
// place in a block that does.
extension Block {
  /// Calls `body` with each entry, in order, and the key of the one before it; and then `end` with the last
  /// entry and its key. Throws where there are no entries, or where one cannot be read.
  func forEachEntry(
    _ body: (_ entry: EncodedEntry, _ previous: Span<UInt8>) throws(MalformedText) -> Void,
    last end: (_ entry: EncodedEntry, _ key: Span<UInt8>) throws(MalformedText) -> Void
  ) throws(MalformedText) {
    try unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.maximumKeyLength) {
      (memory) throws(MalformedText) in
      var last: EncodedEntry?
      var (position, length) = (0, 0)
      while position < self.end {
        let entry = try entry(at: position, afterKeyOf: length)
        try body(entry, unsafe Span(_unsafeElements: memory[..<length]))
        length = entry.keyLength
        unsafe copy(entry.suffix, to: memory[entry.shared..<length])
        position = entry.payload.upperBound
        last = entry
      }
      guard let last else { throw MalformedText(at: 0, "a block of a table has no entries") }
      try end(last, unsafe Span(_unsafeElements: memory[..<length]))
    }
  }

  /// Copies bytes of the block to memory, which has room for just as many.
  private func copy(_ range: Range<Int>, to memory: Slice<UnsafeMutableBufferPointer<UInt8>>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    unsafe precondition(range.count == memory.count)
    unsafe bytes.withUnsafeBufferPointer { bytes in
      let memory = unsafe UnsafeMutableBufferPointer(rebasing: memory)
      _ = unsafe memory.update(fromContentsOf: bytes[range])
    }
  }

  /// The keys of `entries`, which are all of the block's, one after the other.
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
