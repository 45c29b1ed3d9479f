public import Basics

/// What the manifest says of one table: its file, and what is needed to trust it.
public struct TableRecord: Equatable, Sendable {
  public let file: String
  public let entries: Int
  public let bytes: Int
  /// Of the whole file.
  public let crc32c: String

  public init(file: String, entries: Int, bytes: Int, crc32c: String) {
    self.file = file
    self.entries = entries
    self.bytes = bytes
    self.crc32c = crc32c
  }

  /// More tables than anyone will write, so that the next number can always be counted up to.
  private static let maximumNumber = 1 << 60

  /// The name of the table `number`, whose last part says which form the file has.
  public static func fileName(_ number: Int, form: String = "json") -> String {
    let digits = String(number)
    return "sst-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "." + form
  }

  /// The number in the name of a table's file, in whatever form that is, or nil if it is not the name
  /// of one.
  public static func number(inName name: String) -> Int? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("sst-"), let number = Int(parts[0].dropFirst(4)),
      !parts[1].isEmpty, parts[1].allSatisfy({ ("a"..."z").contains($0) }),
      fileName(number, form: String(parts[1])) == name
    else { return nil }
    return number
  }

  /// Throws unless each record names a table of ours, with a number below `next`, and each another:
  /// what a checksum over a manifest cannot promise.
  public static func checkNames(
    of records: [TableRecord], below next: Int
  ) throws(MalformedText) {
    guard (1...maximumNumber).contains(next) else {
      throw MalformedText(at: 0, "there is no table number \(next)")
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
