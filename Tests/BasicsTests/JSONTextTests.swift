import Basics
import TestSupport
import Testing

struct JSONTextTests {
  private func json(_ bytes: [UInt8]) -> [UInt8] {
    var json: [UInt8] = []
    JSONText.append(Bytes(bytes), to: &json)
    return json
  }

  @Test("a string escapes quotes, backslashes and control bytes, and nothing else")
  func spelling() {
    #expect(json(Array("a\"b\\c\n\u{1f}~".utf8)) == Array(#""a\"b\\c\u000a\u001f~""#.utf8))
    #expect(json([]) == Array("\"\"".utf8))
  }

  @Test("a string of any bytes is read back unchanged, and has one spelling")
  func roundTrip() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<500 {
      let length = Int.random(in: 0...40, using: &generator)
      let highest: UInt8 = Bool.random(using: &generator) ? 0x30 : 0xff
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...highest, using: &generator) }
      var reader = JSONReader(json(bytes)[...])
      #expect(Array(try reader.string()) == bytes, "seed \(generator.seed)")
      #expect(reader.isAtEnd)
    }
  }

  @Test(
    "any other spelling of a string is refused",
    arguments: [
      #""\u000A""#, #""\n""#, #""\/""#, #""\u0020""#, #""\u00"#, #""\u0"#, #""\"#, #""a"#, "\"\n\"",
      "\"\\\"\n\"", #"a""#, "",
    ])
  func refused(text: String) {
    #expect(throws: MalformedText.self) {
      var reader = JSONReader(Array(text.utf8)[...])
      _ = try reader.string()
    }
  }
}
