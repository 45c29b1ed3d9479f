import Basics

/// A checksum that a file states, and the bytes that it covers.
struct ChecksumComparison {
  let stated: String
  let bytes: ArraySlice<UInt8>
  /// What the bytes are, in words: `bytes 32 to 136`.
  let name: String

  /// Throws if the stated checksum, which is at `offset`, is wrong. Says which mistake leads to it, if
  /// that is known.
  func check(at offset: Int) throws(FormatDifference) {
    let right = Checksum.text(Checksum.of(bytes))
    if stated == right { return }
    throw FormatDifference(
      at: offset, in: .checksum, expected: "\(right), the CRC-32C of \(name)", found: stated,
      hint: mistake)
  }

  private var mistake: String? {
    let right = Checksum.text(Checksum.of(bytes))
    if stated == Checksum.text(Self.crc32(bytes)) {
      return "that is the CRC-32 of zlib and gzip; CRC-32C (Castagnoli) has another polynomial"
    }
    if stated == Checksum.text(Checksum.of(bytes + [UInt8(ascii: "\n")])) {
      return "that is the checksum with the line feed after them"
    }
    if stated == Checksum.text(Checksum.of(bytes).byteSwapped) {
      return "that is \(right) with its bytes in the other order"
    }
    return nil
  }

  /// The checksum that is most often mistaken for ours.
  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0xedb8_8320 }
    }
    return ~crc
  }
}
