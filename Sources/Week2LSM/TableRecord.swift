public import Basics

/// The entry of one table in the manifest: its file, and what is needed to verify it.
public struct TableRecord: Equatable, Sendable {
  public let file: String
  public let entries: Int
  public let bytes: Int
  /// The checksum of the whole file.
  public let crc32c: String

  public init(file: String, entries: Int, bytes: Int, crc32c: String) {
    self.file = file
    self.entries = entries
    self.bytes = bytes
    self.crc32c = crc32c
  }

  /// More tables than anyone will write, and far enough from overflow to keep counting.
  private static let maximumNumber = 1 << 60

  /// `sst-000001.json`. The extension tells the format of the file.
  public static func fileName(_ number: Int, extension: String) -> String {
    let digits = String(number)
    return "sst-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "."
      + `extension`
  }

  /// The number in the file name of a table of any format, or nil if `name` is not such a name. An
  /// extension is made of the letters `a` to `z`.
  public static func number(inName name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("sst-"), let number = Int(parts[0].dropFirst(4)),
      !parts[1].isEmpty, parts[1].allSatisfy({ ("a"..."z").contains($0) }),
      fileName(number, extension: String(parts[1])) == name
    else { return nil }
    return number
  }

  /// Throws unless `next` is in `1...maximumNumber`, every record names a table with a number below
  /// it, and no two name the same table. A correct checksum does not guarantee that.
  public static func checkNames(
    of records: [TableRecord], below next: Int
  ) throws(MalformedText) {
    guard (1...maximumNumber).contains(next) else {
      throw MalformedText(at: 0, "\(next) is no number of a table")
    }
    let numbers = records.map { number(inName: $0.file) ?? next }
    if let foreign = zip(records, numbers).first(where: { $0.1 >= next }) {
      throw MalformedText(at: 0, "\(foreign.0.file) is not a name that we give")
    }
    if Set(numbers).count < records.count {
      throw MalformedText(at: 0, "a table is named twice")
    }
  }
}

// In the manifest: `{"bytes":72,"crc32c":"cb7d01e6","entries":2,"file":"sst-000001.json"}`.
extension TableRecord {
  public func append(to json: inout [UInt8]) {
    json += "{\"bytes\":\(bytes),\"crc32c\":".utf8
    JSONText.append(crc32c, to: &json)
    json += ",\"entries\":\(entries),\"file\":".utf8
    JSONText.append(file, to: &json)
    json.append(UInt8(ascii: "}"))
  }

  public init(reading json: inout JSONReader) throws(MalformedText) {
    try json.expect("{\"bytes\":")
    bytes = try json.number()
    try json.expect(",\"crc32c\":")
    crc32c = String(decoding: try json.string(), as: UTF8.self)
    try json.expect(",\"entries\":")
    entries = try json.number()
    try json.expect(",\"file\":")
    file = String(decoding: try json.string(), as: UTF8.self)
    try json.expect("}")
  }
}
