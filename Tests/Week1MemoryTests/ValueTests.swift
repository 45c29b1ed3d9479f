import Basics
import Testing
import Week1Memory

struct ValueTests {
  @Test("a value is 0 to 1 MiB of ASCII, control bytes included")
  func allowed() throws {
    #expect(try Value(Bytes([])).text == "")
    #expect(try Value(Bytes(Array(0...0x7f))).text.utf8.elementsEqual(0...0x7f))
    #expect(try Value(String(repeating: "v", count: 1 << 20)).text.utf8.count == 1 << 20)
  }

  @Test("a longer value is refused, and one with a byte that is not ASCII")
  func forbidden() {
    #expect(throws: InvalidInput.valueIsTooLong(bytes: (1 << 20) + 1)) {
      try Value(String(repeating: "v", count: (1 << 20) + 1))
    }
    #expect(throws: InvalidInput.valueHolds(byte: 0xc3, at: 1)) { try Value(Bytes("né".utf8)) }
    #expect(throws: InvalidInput.valueHolds(byte: 0x80, at: 0)) { try Value(Bytes([0x80])) }
  }
}
