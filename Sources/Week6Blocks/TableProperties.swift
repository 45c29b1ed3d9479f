package import Basics
package import Week1Memory
import Week2LSM

/// A table's own description: how many entries it has, and its first and last key. A later week may
/// add properties; a reader ignores those that it does not know.
package struct TableProperties: Equatable, Sendable {
  package let entries: Int
  package let tombstones: Int
  package let firstKey: Key
  package let lastKey: Key
  /// The properties of other weeks, by name.
  package let others: [String: Bytes]

  /// A block of names and their content, sorted by name.
  var encoded: [UInt8] {
    let mine = [
      "entries": Bytes("\(entries)".utf8), "first-key": firstKey.bytes, "last-key": lastKey.bytes,
      "tombstones": Bytes("\(tombstones)".utf8),
    ]
    let all = mine.merging(others) { mine, _ in mine }
    var block = BlockBuilder(restartInterval: 1)
    for (name, content) in all.sorted(by: { $0.key < $1.key }) {
      block.append(Bytes(name.utf8), Array(content))
    }
    return block.finish()
  }

  init(
    entries: Int, tombstones: Int, firstKey: Key, lastKey: Key, others: [String: Bytes] = [:]
  ) {
    self.entries = entries
    self.tombstones = tombstones
    self.firstKey = firstKey
    self.lastKey = lastKey
    self.others = others
  }

  package init(_ bytes: [UInt8]) throws(MalformedText) {
    var others: [String: Bytes] = [:]
    for entry in try Block(bytes).entries() {
      let name = String(decoding: bytes[entry.suffix], as: UTF8.self)
      others[name] = Bytes(sharing: bytes, in: entry.payload)
    }
    guard let entries = others.removeValue(forKey: "entries"),
      let tombstones = others.removeValue(forKey: "tombstones"),
      let first = others.removeValue(forKey: "first-key"),
      let last = others.removeValue(forKey: "last-key")
    else { throw MalformedText(at: 0, "the properties of the table are not complete") }
    self.entries = try Self.number(entries)
    self.tombstones = try Self.number(tombstones)
    firstKey = try Block.key(of: Bytes(first))
    lastKey = try Block.key(of: Bytes(last))
    self.others = others
    if firstKey > lastKey { throw MalformedText(at: 0, "its last key is before its first") }
  }

  private static func number(_ text: Bytes) throws(MalformedText) -> Int {
    var json = JSONReader(text.slice)
    let number = try json.number()
    if !json.isAtEnd { throw MalformedText(at: 0, "a count is a number") }
    return number
  }
}
