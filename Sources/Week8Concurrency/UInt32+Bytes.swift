extension UInt32 {
  /// One of the four bytes, the lowest at position 0.
  func byte(at position: Int) -> UInt8 { UInt8(truncatingIfNeeded: self >> (8 * position)) }

  func settingByte(at position: Int, to byte: UInt8) -> UInt32 {
    self & ~(0xff << (8 * position)) | UInt32(byte) << (8 * position)
  }

  /// The position of the first byte that equals `byte`, or 4 if none does.
  ///
  /// All bytes are compared at once, as in week 7 (Warren, "Hacker's Delight", section 6-1).
  func firstPosition(of byte: UInt8) -> Int {
    let ones: UInt32 = 0x0101_0101
    let different = self ^ (ones &* UInt32(byte))
    let zeros = (different &- ones) & ~different & (ones << 7)
    return zeros.trailingZeroBitCount / 8
  }
}
