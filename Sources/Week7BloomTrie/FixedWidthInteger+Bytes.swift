extension FixedWidthInteger where Self: UnsignedInteger {
  /// The position in memory of the first byte of this number that equals `byte`, or the number of
  /// its bytes if none does.
  ///
  /// It compares all bytes at once, which took a fifth off a lookup in a small tree: a loop ends with a
  /// branch that the processor mispredicts at almost every node. Subtracting 1 from a byte of
  /// `different` that is 0 borrows, and sets its highest bit. The borrow may also set the highest bit
  /// of the following bytes, so only the first is reliable (Warren, "Hacker's Delight", section 6-1).
  func firstPosition(of byte: UInt8) -> Int {
    let ones = Self.max / 255
    let different = littleEndian ^ (ones &* Self(byte))
    let zeros = (different &- ones) & ~different & (ones << 7)
    return zeros.trailingZeroBitCount / 8
  }
}
