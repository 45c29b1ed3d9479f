import Basics
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

struct EntryTests {
  @Test("a value is spelled as in week 2, and a tombstone as deleted")
  func golden() throws {
    var json: [UInt8] = []
    Row("apple", Entry.value("5")).append(to: &json)
    json += "\n".utf8
    Row("pear", Entry.tombstone).append(to: &json)
    let text = String(decoding: json, as: UTF8.self)
    #expect(text == "{\"key\":\"apple\",\"value\":\"5\"}\n{\"key\":\"pear\",\"deleted\":true}")
    let rows = try json.split(separator: 0x0a).map { try Row<Entry>(line: $0) }
    #expect(rows.map(\.payload) == [.value("5"), .tombstone])
  }

  @Test("an empty value is not a tombstone")
  func emptyValue() {
    #expect(Entry.value("") != .tombstone)
    #expect(Entry.value("").value == "" && Entry.tombstone.value == nil)
  }

  @Test("a member that is neither is refused")
  func malformed() {
    for member in [#""deleted":false"#, #""deleted":1"#, #""other":"5""#, ""] {
      let line = Array(#"{"key":"a",\#(member)}"#.utf8)
      #expect(throws: MalformedText.self) { try Row<Entry>(line: line[...]) }
    }
  }
}
