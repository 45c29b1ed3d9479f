import Basics
import TestSupport
import Testing

struct BytesTests {
  private let buffer = Array("the apple tree".utf8)
  private var apple: Bytes { Bytes(sharing: buffer, in: 4..<9) }

  @Test("a part of a buffer is the same as a copy of those bytes")
  func partIsEqualToCopy() {
    let copy = Bytes("apple".utf8)
    #expect(apple == copy)
    #expect(apple.hashValue == copy.hashValue)
    #expect(apple.text == "apple")
    #expect(Array(apple) == Array("apple".utf8))
    #expect(apple.first == UInt8(ascii: "a") && apple.last == UInt8(ascii: "e"))
    #expect([UInt8(ascii: "1")] + apple == Array("1apple".utf8))
    #expect(apple != Bytes("apply".utf8) && apple != Bytes("appl".utf8))
  }

  @Test(
    "a description is the text, with the bytes that are not UTF-8 in hexadecimal",
    arguments: [
      ([], ""), ([0x61, 0xff, 0x62], "a\\xffb"), ([0xc3, 0xa9, 0xc3], "é\\xc3"),
      ([0x80, 0x0a, 0xe2, 0x82], "\\x80\n\\xe2\\x82"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
    ] as [([UInt8], String)])
  func description(bytes: [UInt8], text: String) {
    #expect(Bytes(bytes).description == text)
    #expect("\(Bytes([9] + bytes + [9]))" == "\t\(text)\t")
  }

  @Test("bytes without a backslash have a description of their own")
  func descriptions() {
    var generator = SeededGenerator.fromEnvironment()
    let some: [UInt8] = [0x61, 0x7f, 0x80, 0xa9, 0xc3, 0xe2, 0x82, 0xac, 0xed, 0xf0, 0x9f, 0xff]
    var seen: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<Effort.choose(quick: 2_000, full: 200_000) {
      let count = Int.random(in: 0...4, using: &generator)
      let bytes = (0..<count).map { _ in some.randomElement(using: &generator)! }
      // Not as strings: equal ones may differ in their bytes.
      let other = seen.updateValue(bytes, forKey: Array(Bytes(bytes).description.utf8))
      #expect(other == nil || other == bytes, "\(bytes), seed \(generator.seed)")
      if let text = String(validating: bytes, as: UTF8.self) {
        #expect(Bytes(bytes).description == text)
      }
    }
  }

  @Test("a part ends where it should, whatever follows it in the buffer")
  func orderOfParts() {
    #expect(Bytes(sharing: buffer, in: 4..<7) == Bytes("app".utf8))
    #expect(Bytes(sharing: buffer, in: 4..<7) < apple)
    #expect(apple < Bytes("apple ".utf8))
    #expect(Bytes([]) < Bytes([0]))
    #expect(Bytes([0x7f]) < Bytes([0x80]))
    #expect(Bytes(sharing: buffer, in: 3..<3) == Bytes([]))
  }

  @Test("a check of all bytes examines each of them, and no others", arguments: 0...100)
  func checkOfAllBytes(count: Int) {
    var buffer = [UInt8](repeating: 0x7f, count: count + 2)
    for i in buffer.indices {
      buffer[i] = 0x80
      let bytes = Bytes(sharing: buffer, in: 1..<count + 1)
      let isInside = (1..<count + 1).contains(i)
      #expect(bytes.isASCII == !isInside)
      #expect(bytes.bitwiseOr { $0 & 0x80 } == (isInside ? 0x80 : 0))
      #expect(bytes.firstOffset { $0 >= 0x80 } == (isInside ? i - 1 : nil))
      buffer[i] = 0x7f
    }
  }

  @Test("a common prefix is counted from any offset, up to the shorter end")
  func commonPrefix() {
    #expect(apple.commonPrefix(from: 0, with: buffer, in: 4..<14) == 5)
    #expect(apple.commonPrefix(from: 0, with: buffer, in: 4..<6) == 2)
    #expect(apple.commonPrefix(from: 2, with: Array("plum".utf8), in: 0..<4) == 2)
    #expect(apple.commonPrefix(from: 5, with: buffer, in: 0..<3) == 0)
  }

  @Test("the eight bytes from any place are ordered as a number, and an end comes first")
  func head() {
    #expect(Bytes("abcdefghij".utf8).head(from: 1) == 0x6263_6465_6667_6869)
    #expect(Bytes("abcdefghij".utf8).head(from: 8) == 0x696a << 48)
    #expect(apple.head(from: 0) == 0x6170_706c_65 << 24)
    #expect(apple.head(from: 5) == 0 && apple.head(from: 9) == 0)
  }
}
