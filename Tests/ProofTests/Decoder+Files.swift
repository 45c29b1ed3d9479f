import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction

// The decoders of whole files, which find them in a directory. Their checksums are made to match, so
// that what is behind the checksum is met too.
extension Decoder {
  static let manifest = Decoder(name: "Manifest", samples: manifests) { body in
    let checksum = Checksum.text(Checksum.of(body))
    let sealed = Array(#"{"crc32c":"\#(checksum)","manifest":"#.utf8) + body + Array("}\n".utf8)
    return manifestFault(sealed) ?? manifestFault(body)
  }

  static let table = Decoder(name: "SSTable", samples: tables) { tableFault($0, Value.self) }
  static let entryTable = Decoder(name: "SSTable of entries", samples: tables) {
    tableFault($0, Entry.self)
  }

  private static func manifestFault(_ bytes: [UInt8]) -> String? {
    let path = Session.path + "/MANIFEST"
    do throws(StorageError) {
      let directory = try directory(holding: bytes, at: path)
      let manifest = try Manifest.load(from: directory, for: 4)
      if manifest.tables.contains(where: { $0.file.contains("/") }) { return "a foreign path" }
      _ = try manifest.openTables(in: directory, of: Value.self)
      return nil
    } catch {
      switch error {
      case .corrupt, .newerFormat, .io(_, _, _, _): return nil
      default: return "\(error)"
      }
    }
  }

  private static func tableFault<Payload: RowPayload>(
    _ bytes: [UInt8], _: Payload.Type
  ) -> String? {
    let name = "sst-000001.json"
    let path = "\(Session.path)/\(name)"
    let lines = bytes.count { $0 == UInt8(ascii: "\n") }
    let checksum = Checksum.text(Checksum.of(bytes))
    let record = TableRecord(
      file: name, entries: max(0, lines - 2), bytes: bytes.count, crc32c: checksum)
    do throws(StorageError) {
      let directory = try directory(holding: bytes, at: path)
      let table = try SSTable<Payload>.open(record, in: directory)
      var keys: [Key] = []
      for block in table.index.blocks { keys += try table.rows(of: block).map(\.key) }
      if keys.count != record.entries || zip(keys, keys.dropFirst()).contains(where: >=) {
        return "\(keys.count) keys, in order or not"
      }
      for key in keys where try table.get(key) == nil { return "\(key) is there and not found" }
      return nil
    } catch {
      if case .corrupt(path, 0...bytes.count, _) = error { return nil }
      return "\(error)"
    }
  }

  private static func directory(
    holding bytes: [UInt8], at path: String
  ) throws(StorageError) -> Directory {
    var image = DiskImage()
    image.makeDirectory("/store")
    image.makeDirectory(Session.path)
    image.put(bytes, at: path)
    return try Directory(Session.path, calls: SimulatedDisk(image).calls)
  }

  private static let manifests: [[UInt8]] = [
    Array(#"{"nextTable":1,"tables":[],"week":2}"#.utf8),
    Array(
      (#"{"nextTable":3,"tables":[{"bytes":33,"crc32c":"01234567","entries":1,"#
        + #""file":"sst-000002.json"}],"week":4}"#).utf8),
  ]

  private static let tables: [[UInt8]] = [
    text("[", rows.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",\n"), "]"),
    text("[", String(decoding: rows[0], as: UTF8.self), "]"),
  ]

  private static func text(_ lines: String...) -> [UInt8] {
    Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}
