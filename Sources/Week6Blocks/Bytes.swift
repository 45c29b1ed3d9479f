#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The order of keys as bytes.
///
/// The one place of this week that touches memory itself. A search in a block compares ten keys, and
/// the system compares bytes many at a time.
enum Bytes {
  /// Below 0 if `key` comes before `bytes[range]`, above 0 if after it, 0 if they are the same.
  static func compare(_ key: [UInt8], _ bytes: [UInt8], _ range: Range<Int>) -> Int {
    precondition(range.upperBound <= bytes.count)  // `memcmp` reads what it is told to.
    let common = min(key.count, range.count)
    let order = unsafe key.withUnsafeBytes { key in
      unsafe bytes.withUnsafeBytes { bytes in
        common == 0
          ? 0 : unsafe memcmp(key.baseAddress!, bytes.baseAddress! + range.lowerBound, common)
      }
    }
    return order != 0 ? Int(order) : key.count - range.count
  }
}
