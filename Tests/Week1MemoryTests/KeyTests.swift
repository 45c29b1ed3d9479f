import Basics
import Testing
import Week1Memory

struct KeyTests {
  @Test("a key is any printable ASCII without uppercase, 1 to 255 bytes long")
  func allowed() throws {
    let all = (0x21...0x7e).filter { !(0x41...0x5a).contains($0) }.map { UInt8($0) }
    #expect(try Key(Bytes(all)).text.utf8.elementsEqual(all))
    #expect(try Key(Bytes([0x61])).text == "a")
    #expect(try Key(String(repeating: "k", count: 255)).text.utf8.count == 255)
  }

  @Test("an empty key and one of 256 bytes are refused")
  func length() {
    #expect(throws: InvalidInput.keyIsEmpty) { try Key(Bytes([])) }
    #expect(throws: InvalidInput.keyIsTooLong(bytes: 256)) {
      try Key(String(repeating: "k", count: 256))
    }
  }

  @Test("every other byte is refused, with its offset")
  func forbidden() {
    let forbidden = (0...255).map { UInt8($0) }.filter {
      !(0x21...0x7e).contains($0) || (0x41...0x5a).contains($0)
    }
    #expect(forbidden.count == 256 - 94 + 26)
    for byte in forbidden {
      #expect(throws: InvalidInput.keyHolds(byte: byte, at: 2)) {
        try Key(Bytes([0x61, 0x62, byte]))
      }
    }
  }

  @Test("keys are ordered by their bytes, a prefix before any longer key")
  func order() throws {
    let sorted = try ["!", "0", "10", "9", "a", "a!", "aa", "ab", "b", "~"].map { try Key($0) }
    #expect(sorted.shuffled().sorted() == sorted)
  }

  @Test("a refusal states the rule, and what broke it")
  func messages() {
    #expect(
      "\(InvalidInput.keyHolds(byte: 0x41, at: 3))"
        == "a key is printable ASCII without spaces and without A-Z; byte 3 of this one is 'A' (0x41)"
    )
    #expect("\(InvalidInput.keyHolds(byte: 0x0a, at: 0))".hasSuffix("byte 0 of this one is 0x0a"))
    #expect("\(InvalidInput.valueIsTooLong(bytes: 1_048_577))".contains("1048576 bytes"))
  }
}
