public import Basics
public import Disk
public import Week1Memory

/// The file `MANIFEST`: one JSON object with the manifest and, before it, the checksum of its
/// bytes:
/// `{"crc32c":"02ce6299","manifest":{…,"week":2}}`.
///
/// Each week has its own form of manifest, but all end with a member `week`. So every week can tell
/// which week wrote a directory, and refuses that of a later one.
public struct ManifestFile: Sendable {
  /// The week that wrote it.
  public let week: Int
  private let body: [UInt8]
  /// The offset of the manifest in the file.
  private let bodyOffset: Int

  public static let name = "MANIFEST"
  private static let beforeChecksum = "{\"crc32c\":"
  private static let beforeBody = ",\"manifest\":"
  private static let beforeWeek = ",\"week\":"
  private static let end = "}\n"

  /// Replaces the manifest, atomically and durably. `body` is one JSON object, and `week` becomes
  /// its last member.
  public static func replace(
    with body: [UInt8], week: Int, in directory: Directory
  ) throws(StorageError) {
    try directory.replace(name, with: encoded(body, week: week))
  }

  /// Reads the file for an engine of `week`; nil in a new directory.
  ///
  /// Throws `newerFormat` if a later week wrote the directory, and `corrupt` if the file is
  /// damaged, or missing although there are tables.
  public static func read(
    in directory: Directory, for week: Int
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
    // A kill between a rename and the sync that follows it leaves the new manifest in the system's
    // cache, but not on disk. It must be on disk before we remove what it replaces.
    try directory.sync()
    return manifest
  }

  /// Decodes the manifest, without its week and last brace, using `read`. Throws if `read` does not
  /// consume all of it.
  public func decode<Manifest>(
    _ read: (inout JSONReader) throws(MalformedText) -> Manifest
  ) throws(MalformedText) -> Manifest {
    var json = JSONReader(body[...])
    do throws(MalformedText) {
      let manifest = try read(&json)
      if !json.isAtEnd {
        throw MalformedText(at: json.offset, "the manifest goes on after its end")
      }
      return manifest
    } catch {
      throw MalformedText(at: bodyOffset + error.offset, error.reason)
    }
  }

  static func encoded(_ body: [UInt8], week: Int) -> [UInt8] {
    let body = body.dropLast() + "\(beforeWeek)\(week)}".utf8
    let checksum = "\"\(Checksum.text(Checksum.of(Array(body))))\""
    return Array((beforeChecksum + checksum + beforeBody).utf8) + body + end.utf8
  }

  package init(encoded bytes: [UInt8]) throws(MalformedText) {
    var json = JSONReader(bytes[...])
    try json.expect(Self.beforeChecksum)
    let checksum = String(decoding: try json.string(), as: UTF8.self)
    try json.expect(Self.beforeBody)
    bodyOffset = json.offset
    let length = bytes.count - Self.end.utf8.count
    guard bodyOffset <= length, bytes[length...].elementsEqual(Self.end.utf8) else {
      throw MalformedText(at: bytes.count, "the manifest does not end")
    }
    let whole = Array(bytes[bodyOffset..<length])
    let actual = Checksum.text(Checksum.of(whole))
    guard actual == checksum else {
      throw MalformedText(at: bodyOffset, "its checksum is \(actual), and it says \(checksum)")
    }
    (body, week) = try Self.split(whole, at: bodyOffset)
  }

  /// Splits a manifest into body and week. The last `,"week":` cannot be inside a string: there,
  /// quotes are escaped.
  private static func split(
    _ whole: [UInt8], at offset: Int
  ) throws(MalformedText) -> (body: [UInt8], week: Int) {
    let digits = whole.dropLast().reversed().prefix { $0 != UInt8(ascii: ":") }.count
    let body = whole.dropLast(1 + digits + beforeWeek.utf8.count)
    var json = JSONReader(whole[body.endIndex...])
    guard json.skip(beforeWeek), let week = try? json.number(), json.skip("}"), json.isAtEnd else {
      throw MalformedText(at: offset, "it does not say which week wrote it")
    }
    return (Array(body), week)
  }

  /// The error for a damaged manifest.
  public static func corrupt(
    in directory: Directory, at offset: Int, _ reason: String
  ) -> StorageError {
    .corrupt(file: "\(directory.path)/\(name)", offset: offset, reason: reason)
  }
}
