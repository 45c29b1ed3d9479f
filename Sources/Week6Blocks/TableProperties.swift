package import Basics
package import Week1Memory
import Week2LSM

/// What a table says about itself: how many entries it has, and from which key to which.
package struct TableProperties: Equatable, Sendable {
  package let entries: Int
  package let tombstones: Int
  package let firstKey: Key
  package let lastKey: Key

  /// A block of names and texts.
  var encoded: [UInt8] {
    var block = BlockBuilder(restartInterval: 1)
    for (name, text) in texts { block.append(Bytes(name.utf8), Array(text.utf8)) }
    return block.finish()
  }

  private var texts: [(name: String, text: String)] {
    [
      ("entries", "\(entries)"), ("first-key", firstKey.text), ("last-key", lastKey.text),
      ("tombstones", "\(tombstones)"),
    ]
  }

  init(entries: Int, tombstones: Int, firstKey: Key, lastKey: Key) {
    self.entries = entries
    self.tombstones = tombstones
    self.firstKey = firstKey
    self.lastKey = lastKey
  }

  package init(_ bytes: [UInt8]) throws(MalformedText) {
    var texts: [String: ArraySlice<UInt8>] = [:]
    for entry in try Block(bytes).entries() {
      texts[String(decoding: bytes[entry.suffix], as: UTF8.self)] = bytes[entry.payload]
    }
    guard let entries = texts["entries"], let tombstones = texts["tombstones"],
      let first = texts["first-key"], let last = texts["last-key"]
    else { throw MalformedText(at: 0, "the properties of the table are not complete") }
    self.entries = try Self.number(entries)
    self.tombstones = try Self.number(tombstones)
    firstKey = try Key(stored: Bytes(first))
    lastKey = try Key(stored: Bytes(last))
    if firstKey > lastKey { throw MalformedText(at: 0, "its last key is before its first") }
  }

  private static func number(_ text: ArraySlice<UInt8>) throws(MalformedText) -> Int {
    var json = JSONReader(text)
    let number = try json.number()
    if !json.isAtEnd { throw MalformedText(at: 0, "a count is a number") }
    return number
  }
}
