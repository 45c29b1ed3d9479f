import Client
import Scenarios
import Testing

struct KeyTests {
  @Test("a key is one to 255 bytes of printable ASCII without A to Z")
  func rule() throws {
    for byte in UInt8.min...UInt8.max {
      let allowed = (0x21...0x7E).contains(byte) && !(0x41...0x5A).contains(byte)
      let text = String(UnicodeScalar(byte))
      #expect((try? Key(text)) != nil ? allowed : !allowed, "byte \(byte)")
    }
    #expect(try Key(String(repeating: "k", count: 255)).text.utf8.count == 255)
  }

  @Test("text that is not a key is refused with the rule that it breaks")
  func broken() {
    #expect(throws: MalformedKey.empty) { try Key("") }
    #expect(throws: MalformedKey.tooLong(256)) { try Key(String(repeating: "k", count: 256)) }
    #expect(throws: MalformedKey.forbidden(0x42, position: 2)) { try Key("aB") }
    #expect(throws: MalformedKey.forbidden(0xC3, position: 1)) { try Key("\u{E9}") }
  }
}
