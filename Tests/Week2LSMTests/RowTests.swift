import Basics
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week2LSM

private func json(_ key: Key, _ value: Value) -> String {
  var bytes: [UInt8] = []
  Row(key, value).append(to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

struct RowTests {
  @Test("a row is a JSON object on one line")
  func spelling() {
    #expect(json("apple", "5") == #"{"key":"apple","value":"5"}"#)
    #expect(json(#"a"\b"#, "") == #"{"key":"a\"\\b","value":""}"#)
    let controls = #"{"key":"a","value":"1\u000a2\u0000\u001f"# + "\u{7f}\"}"
    #expect(json("a", "1\n2\u{0}\u{1f}\u{7f}") == controls)
  }

  @Test("every byte that a key and a value may hold comes back, here and in any JSON parser")
  func roundTrip() throws {
    let key = try Key(Bytes((0x21...0x7e).filter { !(0x41...0x5a).contains($0) }))
    let value = try Value(Bytes(Array(0...0x7f)))
    let text = json(key, value)
    let row = try Row<Value>(line: Array(text.utf8)[...])
    #expect(row.key == key && row.payload == value)
    let other = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    #expect(other == ["key": key.text, "value": value.text])
  }

  @Test(
    "text that we would not have written is refused, with its offset",
    arguments: [
      ("", 0), ("{", 0), (#"{"key":"a","value":"5"#, 22), (#"{"key":"a","value":"5"}x"#, 23),
      (#"{"key":"","value":"5"}"#, 9), (#"{"key":"A","value":"5"}"#, 10),
      (#"{"key": "a","value":"5"}"#, 7), (#"{"key":"a","value":5}"#, 19),
      (#"{"key":"a","deleted":true}"#, 11), (#"{"key":"a","value":"\n"}"#, 21),
      (#"{"key":"a","value":"\u0041"}"#, 24), (#"{"key":"a","value":"\u000A"}"#, 24),
      (#"{"key":"a","value":"\u00+1"}"#, 24), ("{\"key\":\"a\",\"value\":\"\t\"}", 20),
      (#"{"key":"a","value":"\u00"}"#, 24),
      (#"{"key":"a","value":"\"#, 21),
    ])
  func malformed(text: String, offset: Int) {
    do {
      _ = try Row<Value>(line: Array(text.utf8)[...])
      Issue.record("\(text) was read")
    } catch {
      #expect(abs(error.offset - offset) <= 3, "\(text): \(error)")
    }
  }
}
