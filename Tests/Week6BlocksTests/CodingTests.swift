import Basics
import Testing

@testable import Week6Blocks

struct CodingTests {
  @Test(
    "a number is written with seven bits per byte, lowest first, and read back",
    arguments: [
      (0, [0x00]), (1, [0x01]), (127, [0x7f]), (128, [0x80, 0x01]), (300, [0xac, 0x02]),
      (16_384, [0x80, 0x80, 0x01]), (1 << 40, [0x80, 0x80, 0x80, 0x80, 0x80, 0x20]),
    ] as [(Int, [UInt8])])
  func varint(number: Int, expected: [UInt8]) throws {
    var bytes: [UInt8] = []
    Coding.append(varint: number, to: &bytes)
    #expect(bytes == expected)
    var offset = 0
    let read = try Coding.varint(in: bytes, at: &offset, before: bytes.count)
    #expect(read == number && offset == bytes.count)
  }

  @Test(
    "a number that does not end, is too long, or has another form than ours is refused",
    arguments: [
      [], [0x80], [0xff, 0xff], [0x80, 0x00],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    var offset = 0
    #expect(throws: MalformedText.self) {
      try Coding.varint(in: bytes, at: &offset, before: bytes.count)
    }
  }

  @Test("a number of fixed length is little-endian")
  func fixed() {
    var bytes: [UInt8] = [9]
    Coding.append(UInt32(0x0102_0304), to: &bytes)
    #expect(bytes == [9, 4, 3, 2, 1])
    #expect(Coding.number(UInt32.self, in: bytes, at: 1) == 0x0102_0304)
  }
}
