import Basics
package import NIOCore
import NIOHTTP1
import Week1Memory
package import Week8Concurrency
package import Weeks

/// Reads the body of a batch: one write per line, `PUT key value` or `DELETE key`, separated by
/// single spaces.
///
/// Keys and values are percent-escaped: spaces and everything that is not printable ASCII must be
/// escaped. The empty value is written `PUT key`, with or without a trailing space. Lines end in LF
/// or CR LF, which the last one may lack. Blank lines are skipped.
package struct BatchParser {
  private let week: Week

  package init(week: Week) {
    self.week = week
  }

  /// Throws the number of the first malformed line, and what is wrong with it.
  package func parse(_ body: ByteBuffer) throws(Refusal) -> WriteBatch {
    let bytes = Array(body.readableBytesView)
    var (rest, number, batch) = (bytes[...], 0, WriteBatch())
    while !rest.isEmpty {
      var line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest.dropFirst(line.count + 1)
      number += 1
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      if line.isEmpty { continue }
      guard batch.rows.count < ConnectionLimits.batchWrites else { throw .batchIsTooLong }
      do throws(Refusal) {
        try add(line, to: &batch)
      } catch {
        throw Refusal(
          .badRequest, "line \(number): \(error.line); nothing of the batch was stored")
      }
    }
    return batch
  }

  private func add(_ line: ArraySlice<UInt8>, to batch: inout WriteBatch) throws(Refusal) {
    let words = line.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    if let offset = line.firstIndex(where: { !(0x20...0x7e).contains($0) }) {
      throw Refusal(
        .badRequest, "byte \(offset - line.startIndex) of it has to be escaped as % and two digits")
    }
    if words[0].elementsEqual("PUT".utf8), words.count > 1 {
      let value = try value(escaped: words.count > 2 ? words[2] : [])
      batch.set(try week.key(escaped: words[1]), to: value)
    } else if words[0].elementsEqual("DELETE".utf8), words.count == 2 {
      batch.delete(try week.key(escaped: words[1]))
    } else {
      throw Refusal(.badRequest, "a line is PUT key value or DELETE key")
    }
  }

  private func value(escaped text: ArraySlice<UInt8>) throws(Refusal) -> Value {
    if text.contains(UInt8(ascii: " ")) {
      throw Refusal(.badRequest, "a space inside a value is written %20")
    }
    return try week.value(Bytes(PercentEscapes.decode(text)))
  }
}
