/// CRC-32C (Castagnoli), the checksum of most storage formats: it finds all damage that is confined
/// to 32 bits in a row, and misses other damage about once in 2^32.
///
/// Bytes are taken in pieces, in order; `value` is that of all so far. Eight bytes are folded in at
/// a time through eight tables ("slicing by 8", Kounavis and Berry, 2005).
public struct Checksum: Sendable {
  private var state: UInt32 = 0xffff_ffff

  public init() {}

  public static func of(_ bytes: [UInt8]) -> UInt32 {
    var checksum = Checksum()
    checksum.update(bytes[...])
    return checksum.value
  }

  public var value: UInt32 { ~state }

  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    let tables = Self.tables
    let span = bytes.span
    var (crc, i) = (state, 0)
    while i + 8 <= span.count {
      let low = crc ^ Self.word(span, at: i)
      let high = Self.word(span, at: i + 4)
      crc = tables[0x700 + Int(low & 0xff)] ^ tables[0x600 + Int(low >> 8 & 0xff)]
      crc ^= tables[0x500 + Int(low >> 16 & 0xff)] ^ tables[0x400 + Int(low >> 24)]
      crc ^= tables[0x300 + Int(high & 0xff)] ^ tables[0x200 + Int(high >> 8 & 0xff)]
      crc ^= tables[0x100 + Int(high >> 16 & 0xff)] ^ tables[Int(high >> 24)]
      i += 8
    }
    while i < span.count {
      crc = crc >> 8 ^ tables[Int((crc ^ UInt32(span[i])) & 0xff)]
      i += 1
    }
    state = crc
  }

  private static func word(_ bytes: Span<UInt8>, at i: Int) -> UInt32 {
    UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8
      | UInt32(bytes[i + 2]) << 16 | UInt32(bytes[i + 3]) << 24
  }

  /// Table k (256 entries from k * 256) holds what a byte contributes that k more bytes follow.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { (byte: UInt32) in
      (0..<8).reduce(byte) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82f6_3b78 }
    }
    for i in 256..<2048 {
      let previous = tables[i - 256]
      tables.append(previous >> 8 ^ tables[Int(previous & 0xff)])
    }
    return tables
  }()
}

extension Checksum {
  /// How our text formats spell a checksum: eight lowercase hexadecimal digits.
  public static func text(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
