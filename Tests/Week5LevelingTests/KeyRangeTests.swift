import Basics
import TestSupport
import Testing
import Week1Memory

@testable import Week5Leveling

struct KeyRangeTests {
  @Test("the range over others is from their first key to their last; there is none over no ranges")
  func span() {
    let ranges: [KeyRange] = ["d"..."f", "a"..."b", "e"..."k"]
    #expect(KeyRange(spanning: ranges) == "a"..."k")
    #expect(KeyRange(spanning: ["c"..."c"]) == "c"..."c")
    #expect(KeyRange(spanning: []) == nil)
  }

  @Test("a range is two strings in JSON, and is read back")
  func spelling() throws {
    var json: [UInt8] = []
    KeyRange(uncheckedBounds: ("a\"", "m")).append(to: &json)
    #expect(String(decoding: json, as: UTF8.self) == #"["a\"","m"]"#)
    var reader = JSONReader(json[...])
    #expect(try KeyRange(reading: &reader) == "a\""..."m")
    #expect(reader.isAtEnd)
  }

  @Test(
    "what is no range is refused with the place of the flaw",
    arguments: [
      (#"["m","a"]"#, 0), (#"["a"]"#, 0), (#"["a","b","c"]"#, 0), (#"["a","B"]"#, 5), ("[]", 0),
    ])
  func malformed(text: String, offset: Int) {
    var reader = JSONReader(Array(text.utf8)[...])
    do {
      _ = try KeyRange(reading: &reader)
      Issue.record("it was read")
    } catch {
      #expect(error.offset == offset)
    }
  }
}
