package import Basics
import Week1Memory
package import Week2LSM
package import Week5Leveling

/// What the manifest of week 8 names: the tables, and the first log with writes that are in no table.
struct StoreFiles: TableArrangement {
  var levels: Levels<StoreTable>
  /// The number of the first log to replay.
  var firstLog: Int
  /// The number of the last write in the tables. The first log continues after it.
  var sequence: UInt64

  var records: [TableRecord] { levels.records }

  /// `{"firstLog":3,"levels":[[{"range":["a","m"],"record":{…}}]],"nextTable":2,"sequence":17}`, and the
  /// week.
  func append(to json: inout [UInt8], nextTable: Int) {
    json += "{\"firstLog\":\(firstLog),\"levels\":".utf8
    JSONText.append(levels.tables, to: &json) { level, json in
      JSONText.append(level, to: &json) { table, json in
        json += "{\"range\":".utf8
        JSONText.append([table.keyRange.lowerBound, table.keyRange.upperBound], to: &json) {
          JSONText.append(EscapedKey.text(of: $0.bytes), to: &$1)
        }
        json += ",\"record\":".utf8
        table.record.append(to: &json)
        json.append(UInt8(ascii: "}"))
      }
    }
    json += ",\"nextTable\":\(nextTable),\"sequence\":\(sequence)}".utf8
  }
}

/// The content of the manifest of week 8, read at a start.
package struct StoreManifest: Equatable, Sendable {
  package let week: Int
  package let nextTable: Int
  package let firstLog: Int
  package let sequence: UInt64
  /// Level 0 from oldest to newest, the others by key range.
  package let levels: [[LevelManifest.Table]]

  package var records: [TableRecord] { levels.joined().map(\.record) }

  /// Reads the manifest in a file of week 8 or later.
  package init(_ file: ManifestFile) throws(MalformedText) {
    self = try file.decode { (json) throws(MalformedText) in
      try StoreManifest(reading: &json, week: file.week)
    }
    try checkNumbers()
    try LevelManifest(week: week, nextTable: nextTable, levels: levels).checkInvariants()
  }

  /// Throws if a number is larger than any store reaches, too close to overflow to keep counting.
  package func checkNumbers() throws(MalformedText) {
    guard firstLog >= 1, firstLog <= Self.maximumNumber else {
      throw MalformedText(at: 0, "there is no log number \(firstLog)")
    }
    guard sequence <= Self.maximumNumber else {
      throw MalformedText(at: 0, "there is no write number \(sequence)")
    }
  }

  private static let maximumNumber = 1 << 60

  package init(reading json: inout JSONReader, week: Int) throws(MalformedText) {
    self.week = week
    try json.expect("{\"firstLog\":")
    firstLog = try json.number()
    try json.expect(",\"levels\":")
    levels = try json.array { (json) throws(MalformedText) in
      try json.array { (json) throws(MalformedText) in try Self.table(reading: &json) }
    }
    try json.expect(",\"nextTable\":")
    nextTable = try json.number()
    try json.expect(",\"sequence\":")
    sequence = UInt64(try json.number())
  }

  private static func table(
    reading json: inout JSONReader
  ) throws(MalformedText) -> LevelManifest.Table {
    try json.expect("{\"range\":")
    let start = json.offset
    let keys = try json.array { (json) throws(MalformedText) in
      let offset = json.offset
      return try EscapedKey.key(of: Array(try json.string()), at: offset)
    }
    guard keys.count == 2, keys[0] <= keys[1] else {
      throw MalformedText(at: start, "a range is two keys in their order")
    }
    try json.expect(",\"record\":")
    let record = try TableRecord(reading: &json)
    try json.expect("}")
    return LevelManifest.Table(record: record, range: keys[0]...keys[1])
  }
}

/// A key of any bytes in a manifest, which is text: the percent sign, and every byte that is not
/// printable ASCII, become a percent sign and two hexadecimal digits.
enum EscapedKey {
  static func text(of key: Bytes) -> Bytes {
    var text: [UInt8] = []
    for byte in key {
      if isPlain(byte) {
        text.append(byte)
      } else {
        text += [percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return Bytes(sharing: text, in: text.indices)
  }

  /// Throws if the text is not one that `text(of:)` writes.
  static func key(of text: [UInt8], at offset: Int) throws(MalformedText) -> Key {
    var bytes: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      if byte != percent {
        bytes.append(byte)
      } else if let high = rest.popFirst().flatMap(digits.firstIndex(of:)),
        let low = rest.popFirst().flatMap(digits.firstIndex(of:))
      {
        bytes.append(UInt8(high << 4 | low))
      } else {
        throw MalformedText(at: offset, "a key has a bad escape")
      }
    }
    let key = Bytes(sharing: bytes, in: bytes.indices)
    guard (1...maximumLength).contains(key.count), Self.text(of: key).elementsEqual(text) else {
      throw MalformedText(at: offset, "it is not the text of a key")
    }
    return Key(stored: key)
  }

  /// The most bytes in a key of week 8.
  static let maximumLength = 1_024

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x21...0x7e).contains(byte) && byte != percent
  }

  private static let percent = UInt8(ascii: "%")
  private static let digits = Array("0123456789abcdef".utf8)
}
