package import Basics

/// How numbers are written in a binary file: little-endian.
///
/// A length or an offset in a block is usually small, so it is a varint (LEB128): seven bits per
/// byte, lowest first, and the eighth bit tells whether another byte follows.
package enum Coding {
  package static func append(varint number: Int, to bytes: inout [UInt8]) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// Reads the number at `offset`, all of whose bytes must exist.
  static func number<Number: FixedWidthInteger>(
    _: Number.Type = Number.self, in bytes: [UInt8], at offset: Int
  ) -> Number {
    (0..<Number.bitWidth / 8).reduce(0) { $0 | Number(bytes[offset + $1]) << ($1 * 8) }
  }

  /// As `number`, for the offset of a restart point: a search reads many of these.
  @inline(__always)
  static func offset(in bytes: [UInt8], at offset: Int) -> Int {
    let span = bytes.span.extracting(offset..<offset + 4)
    return Int(span[0]) | Int(span[1]) << 8 | Int(span[2]) << 16 | Int(span[3]) << 24
  }

  /// Reads the varint at `offset`, and moves `offset` past it. Throws if it does not end before
  /// `end`, is larger than any of our lengths, or is not in its shortest form.
  @inline(__always)  // Three per entry of a block, nearly all of them one byte.
  package static func varint(
    in bytes: [UInt8], at offset: inout Int, before end: Int
  ) throws(MalformedText) -> Int {
    if offset < end, bytes[offset] < 0x80 {
      offset += 1
      return Int(bytes[offset - 1])
    }
    return try longVarint(in: bytes, at: &offset, before: end)
  }

  private static func longVarint(
    in bytes: [UInt8], at offset: inout Int, before end: Int
  ) throws(MalformedText) -> Int {
    let start = offset
    var number = 0
    for shift in stride(from: 0, to: 56, by: 7) where offset < end {
      let byte = bytes[offset]
      offset += 1
      number |= Int(byte & 0x7f) << shift
      if byte >= 0x80 { continue }
      if byte == 0 && shift > 0 { break }
      return number
    }
    throw MalformedText(at: start, "a number does not end")
  }
}
