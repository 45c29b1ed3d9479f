/// What the manifest says of one table: its file, and what is needed to trust it.
public struct TableRecord: Codable, Equatable, Sendable {
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

  static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "sst-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".json"
  }

  /// The number in the name of a table's file, or nil if it is not the name of one.
  static func number(inName name: String) -> Int? {
    guard name.hasPrefix("sst-"), name.hasSuffix(".json"),
      let number = Int(name.dropFirst(4).dropLast(5)), fileName(number) == name
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
