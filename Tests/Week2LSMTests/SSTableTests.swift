import Basics
import Disk
import Foundation
import TestSupport
import Testing
import Week1Memory

@testable import Week2LSM

/// Writes a table of `count` rows, `k00000` to the last, whose values are `length` bytes long.
private func table(
  of count: Int, valueLength length: Int = 100, in directory: Directory
) throws -> SSTable<Value> {
  var writer = try SSTableWriter<Value>(number: 1, in: directory)
  for i in 0..<count { try writer.append(Row(key(i), value(i, length))) }
  return try writer.finish()
}

private func key(_ i: Int) throws -> Key {
  try Key("k" + String(repeating: "0", count: 5 - String(i).count) + String(i))
}

private func value(_ i: Int, _ length: Int) throws -> Value {
  try Value(String(repeating: "\(i % 10)", count: length))
}

struct SSTableTests {
  @Test("a table is a JSON array with one row per line")
  func golden() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    var writer = try SSTableWriter<Value>(number: 7, in: directory)
    try writer.append(Row("apple", "5"))
    try writer.append(Row("pear", "a \"b\"\n"))
    let table = try writer.finish()
    let expected = """
      [
      {"key":"apple","value":"5"},
      {"key":"pear","value":"a \\"b\\"\\u000a"}
      ]

      """
    let bytes = try temporary.bytes(of: "sst-000007.json")
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
    #expect(
      table.record
        == TableRecord(file: "sst-000007.json", entries: 2, bytes: 72, crc32c: "cb7d01e6"))
    let rows = try JSONDecoder().decode([[String: String]].self, from: Data(bytes))
    #expect(rows == [["key": "apple", "value": "5"], ["key": "pear", "value": "a \"b\"\n"]])
  }

  @Test(
    "every key of a table is found, as written and as opened, and no other",
    arguments: [
      (1, 0), (2, 100), (1000, 100), (40, 5000), (3, 1 << 20),
    ])
  func everyKey(count: Int, length: Int) throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let written = try table(of: count, valueLength: length, in: directory)
    let opened = try SSTable<Value>.open(written.record, in: directory)
    for table in [written, opened] {
      for i in 0..<count { #expect(try table.get(key(i)) == value(i, length)) }
      for absent in ["a", "k", "k00000!", "k000005", "z"] as [Key] {
        #expect(try table.get(absent) == nil)
      }
      #expect(table.keyRange == (try key(0))...(try key(count - 1)))
    }
    #expect(written.index.blocks.map(\.checksum) == opened.index.blocks.map(\.checksum))
  }

  @Test("a get reads one block of about 4 KiB, and nothing for a key out of range")
  func oneBlock() throws {
    let temporary = TemporaryDirectory()
    let traced = TracedCalls(in: temporary.path)
    let directory = try Directory(temporary.path, calls: traced.calls)
    let table = try table(of: 1000, in: directory)
    #expect(table.index.blocks.allSatisfy { $0.length < TableIndex.blockLength + 200 })
    traced.forget()
    _ = try table.get("k00500")
    #expect(traced.trace == ["read sst-000001.json"])
    _ = try table.get("a")
    _ = try table.get("z")
    #expect(traced.trace.count == 1)
  }

  @Test("a block whose bytes change after the table was opened is an error, not a wrong answer")
  func changedBlock() throws {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let table = try table(of: 100, in: directory)
    let file = try directory.open("sst-000001.json")
    let block = table.index.blocks[1]
    for offset in block.offset..<block.offset + block.length {
      let byte = try file.read(at: offset, count: 1)
      try file.write([byte[0] ^ 1], at: offset)
      #expect(throws: StorageError.self) { _ = try table.get(block.firstKey) }
      try file.write(byte, at: offset)
    }
    #expect(try table.get(block.firstKey) != nil)
  }

  @Test("a table whose rows are out of order is not opened, although its checksum is right")
  func order() throws {
    let text = "[\n{\"key\":\"b\",\"value\":\"\"},\n{\"key\":\"a\",\"value\":\"\"}\n]\n"
    #expect(try refusal(of: text, entries: 2) == "the key a does not come after b at 26")
  }

  @Test(
    "a table in another form is not opened, although its checksum is right",
    arguments: [
      "", "[", "[\n", "[\n]\n", "[]\n", "{\"key\":\"a\",\"value\":\"\"}\n", "[\n\n]\n",
      "[\n{\"key\":\"a\",\"value\":\"\"}\n", "[\n{\"key\":\"a\",\"value\":\"\"},\n]\n",
      "[\n{\"key\":\"a\",\"value\":\"\"}\n]", "[\n{\"key\":\"a\",\"value\":\"\"}\n]\n ",
      "[\n{\"key\":\"a\",\"value\":\"\"}\n{\"key\":\"b\",\"value\":\"\"}\n]\n",
    ])
  func form(text: String) throws {
    #expect(try refusal(of: text, entries: 1) != nil)
  }

  /// Why a table with this text, and a record that fits it, is not opened.
  private func refusal(of text: String, entries: Int) throws -> String? {
    let temporary = TemporaryDirectory()
    let directory = try Directory(temporary.path)
    let bytes = Array(text.utf8)
    try directory.create("sst-000001.json").write(bytes, at: 0)
    let record = TableRecord(
      file: "sst-000001.json", entries: entries, bytes: bytes.count,
      crc32c: Checksum.text(Checksum.of(bytes)))
    do {
      _ = try SSTable<Value>.open(record, in: directory)
      return nil
    } catch .corrupt(_, let offset, let reason) {
      return "\(reason) at \(offset)"
    }
  }
}
