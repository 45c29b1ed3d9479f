import Foundation
public import Week1Memory

/// The file `MANIFEST`: one JSON object that holds a manifest, and before it the checksum of the bytes
/// that spell it, `{"crc32c":"02ce6299","manifest":{…,"week":2}}`.
///
/// What a manifest says is up to the week that writes it, except for its `week`: every week can read
/// that of every other, and so knows which directories it must leave alone.
public struct ManifestFile: Sendable {
  /// The week that wrote it.
  public let week: Int
  private let body: [UInt8]
  /// Where in the file the manifest begins.
  private let bodyOffset: Int

  static let name = "MANIFEST"
  private static let beforeChecksum = "{\"crc32c\":"
  private static let beforeBody = ",\"manifest\":"
  private static let end = "}\n"

  /// Puts `manifest` in the place of the one before, at once and durably.
  public static func replace(
    with manifest: some Encodable, in directory: borrowing Directory
  ) throws(StorageError) {
    try directory.replace(name, with: encoded(manifest))
  }

  /// Reads the file for an engine of `week`; nil in a new directory.
  ///
  /// Throws `newerFormat` for the directory of a later week, and `corrupt` for a file that is damaged,
  /// or missing although its tables are there.
  public static func read(
    in directory: borrowing Directory, for week: Int
  ) throws(StorageError) -> ManifestFile? {
    let names = try directory.names()
    guard names.contains(name) else {
      if let table = names.first(where: { TableRecord.number(inName: $0) != nil }) {
        throw corrupt(in: directory, at: 0, "it is missing, and \(table) is there")
      }
      return nil
    }
    let file = try directory.open(name)
    let bytes = try file.read(at: 0, count: try file.size())
    let manifest: ManifestFile
    do { manifest = try ManifestFile(encoded: bytes) } catch {
      throw corrupt(in: directory, at: error.offset, error.reason)
    }
    if manifest.week > week {
      throw .newerFormat(
        directory: directory.path, writtenByWeek: manifest.week, openedByWeek: week)
    }
    // After a kill between a rename and the sync that follows it, what we read is in the cache of
    // the system and not yet on the medium. It must be there before we remove what it replaces.
    try directory.sync()
    return manifest
  }

  /// The manifest itself. Throws where it is not one of this type.
  public func decode<Manifest: Decodable>(
    _ type: Manifest.Type = Manifest.self
  ) throws(MalformedText) -> Manifest {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw MalformedText(at: bodyOffset, "it is not a manifest of week \(week)")
    }
  }

  static func encoded(_ manifest: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let body = try? encoder.encode(manifest) else {
      preconditionFailure("a manifest is numbers and strings, which JSON can always spell")
    }
    let checksum = "\"\(Checksum.text(Checksum.of(Array(body))))\""
    return Array((beforeChecksum + checksum + beforeBody).utf8) + body + end.utf8
  }

  init(encoded bytes: [UInt8]) throws(MalformedText) {
    var json = JSONReader(bytes[...])
    try json.expect(Self.beforeChecksum)
    let checksum = String(decoding: try json.string(), as: UTF8.self)
    try json.expect(Self.beforeBody)
    bodyOffset = json.offset
    let length = bytes.count - Self.end.utf8.count
    guard bodyOffset <= length, bytes[length...].elementsEqual(Self.end.utf8) else {
      throw MalformedText(at: bytes.count, "the manifest does not end")
    }
    body = Array(bytes[bodyOffset..<length])
    let actual = Checksum.text(Checksum.of(body))
    guard actual == checksum else {
      throw MalformedText(at: bodyOffset, "its checksum is \(actual), and it says \(checksum)")
    }
    guard let written = try? JSONDecoder().decode(WrittenBy.self, from: Data(body)) else {
      throw MalformedText(at: bodyOffset, "it does not say which week wrote it")
    }
    week = written.week
  }

  private struct WrittenBy: Decodable {
    let week: Int
  }

  /// The error for a manifest that cannot be trusted.
  public static func corrupt(
    in directory: borrowing Directory, at offset: Int, _ reason: String
  ) -> StorageError {
    .corrupt(file: "\(directory.path)/\(name)", offset: offset, reason: reason)
  }
}
