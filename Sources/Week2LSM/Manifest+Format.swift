import Foundation
import Week1Memory

extension Manifest {
  private static let beforeChecksum = "{\"crc32c\":\""
  private static let afterChecksum = "\",\"manifest\":"
  private static let end = "}\n"

  /// One JSON object: the manifest, and before it the checksum of the bytes that spell it.
  func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let body = try? encoder.encode(self) else {
      preconditionFailure("a manifest is numbers and strings, which JSON can always spell")
    }
    let checksum = Checksum.text(Checksum.of(Array(body)))
    return Array((Self.beforeChecksum + checksum + Self.afterChecksum).utf8) + body + Self.end.utf8
  }

  init(encoded bytes: [UInt8]) throws(MalformedText) {
    var json = JSONReader(bytes[...])
    try json.expect("{\"crc32c\":")
    let checksum = String(decoding: try json.string(), as: UTF8.self)
    try json.expect(",\"manifest\":")
    guard bytes.reversed().starts(with: "\n}".utf8) else {
      throw MalformedText(at: bytes.count, "the manifest does not end")
    }
    let body = Array(bytes[json.offset..<max(json.offset, bytes.count - Self.end.utf8.count)])
    let actual = Checksum.text(Checksum.of(body))
    guard actual == checksum else {
      throw MalformedText(at: json.offset, "its checksum is \(actual), and it says \(checksum)")
    }
    do {
      self = try JSONDecoder().decode(Manifest.self, from: Data(body))
    } catch {
      throw MalformedText(at: json.offset, "it is not a manifest")
    }
    try checkInvariants(at: json.offset)
  }

  /// What the engine relies on, and a checksum cannot promise.
  private func checkInvariants(at offset: Int) throws(MalformedText) {
    let numbers = tables.map { TableRecord.number(inName: $0.file) ?? nextTable }
    guard week >= 2, numbers.allSatisfy({ $0 < nextTable }) else {
      throw MalformedText(at: offset, "a table's name is not one of ours")
    }
    guard Set(numbers).count == tables.count else {
      throw MalformedText(at: offset, "a table is named twice")
    }
  }
}
