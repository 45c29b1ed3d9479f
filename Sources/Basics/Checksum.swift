import CRC32CInstruction

/// CRC-32C (Castagnoli), the checksum of most storage formats. It detects every burst of errors up
/// to 32 bits long, and misses other damage about once in 2^32.
///
/// Feed it bytes piece by piece, in order; `value` is the checksum of all of them so far. It uses
/// the processor's CRC instruction where there is one, eight bytes at a time.
public struct Checksum: Sendable {
  private var state: UInt32 = 0xffff_ffff

  public init() {}

  public static func of(_ bytes: [UInt8]) -> UInt32 {
    of(bytes[...])
  }

  public static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var checksum = Checksum()
    checksum.update(bytes)
    return checksum.value
  }

  public var value: UInt32 { ~state }

  public mutating func update(_ bytes: ArraySlice<UInt8>) {
    state = Self.hasInstruction ? Self.byInstruction(state, bytes) : Self.byTable(state, bytes)
  }

  /// Eight lowercase hexadecimal digits: the spelling of a checksum in our text formats.
  public static func text(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Overwrites the bytes at `offset` with these digits.
  public static func put(_ value: UInt32, into text: inout [UInt8], at offset: Int) {
    for i in 0..<8 { text[offset + i] = JSONText.digit(UInt8(value >> (28 - 4 * i) & 0xf)) }
  }

  private static let hasInstruction = crc32c_instruction_exists()

  private static func byInstruction(_ state: UInt32, _ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe crc32c_instruction_update(state, $0.baseAddress, $0.count)
    }
  }

  /// The fallback without the instruction: one byte at a time, about ten times slower.
  package static func byTable(_ state: UInt32, _ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(state) { crc, byte in
      crc >> 8 ^ contributions[Int((crc ^ UInt32(byte)) & 0xff)]
    }
  }

  /// The lookup table: what each value of the lowest byte contributes once it is shifted out.
  private static let contributions: [UInt32] = (0..<256).map { (byte: UInt32) in
    (0..<8).reduce(byte) { crc, _ in crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82f6_3b78 }
  }
}
