import TestSupport
import Testing

@testable import Week7BloomTrie

struct FixedWidthIntegerTests {
  @Test("the first of eight bytes that equals another is found, even beside bytes that differ by 1")
  func first() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<20_000 {
      let bytes = (0..<8).map { _ in
        ([0, 1, 2, 127, 128, 254, 255] as [UInt8]).randomElement(using: &generator) ?? 0
      }
      let word = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }.littleEndian
      for byte: UInt8 in [0, 1, 2, 3, 127, 128, 254, 255] {
        let expected = bytes.firstIndex(of: byte) ?? bytes.count
        try #require(word.firstPosition(of: byte) == expected, "seed \(generator.seed)")
      }
    }
  }
}
