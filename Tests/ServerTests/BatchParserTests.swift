import Basics
import NIOCore
import NIOHTTP1
import Server
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week8Concurrency
import Weeks

@Suite("A batch's body")
struct BatchParserTests {
  private func parse(_ text: String) throws(Refusal) -> WriteBatch {
    try BatchParser(week: .concurrent).parse(ByteBuffer(string: text))
  }

  @Test("gives back the writes of any bytes that were written into it, in their order")
  func roundTrip() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<300 {
      let (text, writes) = GeneratedBatch.random(&generator)
      let batch = try parse(text)
      #expect(batch.rows.map(\.key.bytes) == writes.map(\.key), "seed \(generator.seed)")
      let values: [Bytes?] = batch.rows.map {
        if case .value(let value) = $0.payload { value.bytes } else { nil }
      }
      #expect(values == writes.map(\.value), "seed \(generator.seed)")
    }
  }

  @Test(
    "may have blank lines, either end of a line, and none after the last",
    arguments: [
      "", "\n", "\r\n\n", "PUT a 1", "PUT a 1\n", "PUT a 1\r\n", "\n\nPUT a 1\r\n\r\n",
      "PUT %61 %31",
    ])
  func lines(text: String) throws {
    let batch = try parse(text)
    #expect(batch.rows.map(\.key) == (text.contains("PUT") ? ["a"] : []))
  }

  @Test(
    "sets the empty value with a space or without", arguments: ["PUT a", "PUT a ", "PUT a \r\n"])
  func emptyValue(text: String) throws {
    guard case .value("") = try parse(text).rows[0].payload else {
      Issue.record("not the empty value")
      return
    }
  }

  @Test(
    "with a wrong line is refused with its number and what is wrong",
    arguments: [
      ("PUT", "line 1: a line is PUT key value or DELETE key"), ("PUT \n", "line 1: a key has"),
      ("PUT  v\n", "line 1: a key has"), ("DELETE\n", "line 1: a line is"),
      ("DELETE \n", "line 1: a key has"), ("DELETE a b\n", "line 1: a line is"),
      ("DELETE a \n", "line 1: a line is"), ("put a b\n", "line 1: a line is"),
      (" PUT a b\n", "line 1: a line is"), ("GET a\n", "line 1: a line is"),
      (" \n", "line 1: a line is"), ("PUT a b c\n", "line 1: a space inside a value"),
      ("PUT a b \n", "line 1: a space inside a value"), ("PUT a %\n", "line 1: an escape is"),
      ("PUT %4 v\n", "line 1: an escape is"), ("PUT a\tb\n", "line 1: byte 5 of it"),
      ("PUT a é\n", "line 1: byte 6 of it"),
      ("PUT a b\r\r\n", "line 1: byte 7 of it"), ("PUT a 1\n\n\nDELETE\n", "line 4: a line is"),
      ("PUT \(String(repeating: "k", count: 1_025)) v", "line 1: a key has at most 1024 bytes"),
    ])
  func malformed(text: String, rule: String) throws {
    let refusal = try #require(throws: Refusal.self) { try parse(text) }
    #expect(refusal.status == .badRequest)
    #expect(refusal.line.hasPrefix(rule))
    #expect(refusal.line.hasSuffix("nothing of the batch was stored"))
  }

  @Test("may contain a value of 1 MiB, but none longer")
  func longValues() throws {
    let longest = String(repeating: "v", count: Value.maximumLength)
    #expect(try parse("PUT a \(longest)").rows.count == 1)
    let refusal = try #require(throws: Refusal.self) { try parse("PUT a \(longest)v") }
    #expect(refusal.line.hasPrefix("line 1: a value has at most 1048576 bytes"))
  }

  @Test("has at most 100,000 writes")
  func tooManyWrites() throws {
    let text = String(repeating: "PUT a\n", count: 100_000)
    #expect(try parse(text + "\n").rows.count == 100_000)
    let refusal = try #require(throws: Refusal.self) { try parse(text + "PUT a\n") }
    #expect(refusal.status == .payloadTooLarge)
  }

  @Test("cut or changed at any byte is read or refused, nothing else")
  func changed() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<2_000 {
      var bytes = Array(GeneratedBatch.random(&generator).text.utf8)
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[.random(in: bytes.indices, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      bytes.removeLast(.random(in: 0...bytes.count, using: &generator))
      do throws(Refusal) {
        _ = try BatchParser(week: .concurrent).parse(ByteBuffer(bytes: bytes))
      } catch {
        #expect(error.status == .badRequest, "seed \(generator.seed)")
        #expect(error.line.utf8.allSatisfy { (0x20...0x7e).contains($0) })
      }
    }
  }
}

/// A batch of random bytes, and how a client may write it.
private struct GeneratedBatch {
  static func random(
    _ generator: inout SeededGenerator
  ) -> (text: String, writes: [(key: Bytes, value: Bytes?)]) {
    var (text, writes): (String, [(key: Bytes, value: Bytes?)]) = ("", [])
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      let key = bytes(1...12, &generator)
      let value = Bool.random(using: &generator) ? bytes(0...30, &generator) : nil
      let verb = value == nil ? "DELETE" : "PUT"
      text += "\(verb) \(escaped(key, &generator))"
      if let value { text += " \(escaped(value, &generator))" }
      text += Bool.random(using: &generator) ? "\n" : "\r\n"
      writes.append((Bytes(key), value.map { Bytes($0) }))
    }
    return (text, writes)
  }

  private static func bytes(
    _ counts: ClosedRange<Int>, _ generator: inout SeededGenerator
  ) -> [UInt8] {
    let count = Int.random(in: counts, using: &generator)
    return (0..<count).map { _ in .random(in: 0...255, using: &generator) }
  }

  /// A byte that need not be escaped may be escaped all the same.
  private static func escaped(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> String {
    bytes.map { byte in
      let isPlain = (0x21...0x7e).contains(byte) && byte != UInt8(ascii: "%")
      if isPlain, Bool.random(using: &generator) { return String(Character(Unicode.Scalar(byte))) }
      return "%" + String(byte >> 4, radix: 16) + String(byte & 0xf, radix: 16, uppercase: true)
    }.joined()
  }
}
