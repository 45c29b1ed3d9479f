import Basics
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

// After a start the directory has the tables that the manifest names, and no other; and a manifest
// that is written again says the same.
extension Decoder {
  public static let manifest = Decoder(
    "manifest", samples: flatManifests, sealedBy: sealedManifest
  ) { bytes in
    fault(of: bytes) { directory, disk throws(StorageError) in
      let manifest = try Manifest.load(from: directory, for: 4)
      _ = try manifest.openTables(in: directory, of: Entry.self)
      if let fault = faultOfNames(manifest.tables, in: disk) { return fault }
      try manifest.replace(in: directory)
      return disk.bytes(of: ManifestFile.name) == bytes ? nil : "written again it is other bytes"
    }
  }

  public static let levelManifest = Decoder(
    "level manifest", samples: flatManifests + levelManifests, sealedBy: sealedManifest
  ) { bytes in
    fault(of: bytes) { directory, disk throws(StorageError) in
      var (manifest, levels) = try open(in: directory)
      let tables = manifest.levels.joined().map(\.record)
      if let fault = faultOfNames(tables, in: disk) { return fault }
      for level in levels.tables.dropFirst() {
        let ranges = level.map(\.keyRange)
        let areApart = zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
        if !areApart { return "the tables of a level overlap" }
      }
      if manifest.week < 5 { return nil }
      try manifest.replace(with: levels, in: directory)
      let again = try open(in: directory).manifest.levels.joined().map(\.record)
      return again == tables ? nil : "written again it names other tables"
    }
  }

  private static func open(
    in directory: borrowing Directory
  ) throws(StorageError) -> (manifest: LevelManifest, Levels<SSTable<Entry>>) {
    try LevelManifest.open(in: directory, for: 5, options: LevelOptions(), of: Entry.self)
  }

  private static func faultOfNames(_ tables: [TableRecord], in disk: MemoryDirectory) -> String? {
    let names = tables.map(\.file)
    return disk.names.subtracting([ManifestFile.name]) == Set(names)
      ? nil : "it names \(names), and there are \(disk.names.sorted())"
  }

  private static func fault(
    of manifest: [UInt8],
    _ check: (borrowing Directory, MemoryDirectory) throws(StorageError) -> String?
  ) -> String? {
    let disk = MemoryDirectory(tableFiles.merging([ManifestFile.name: manifest]) { $1 })
    do throws(StorageError) {
      return try check(try Directory(MemoryDirectory.path, calls: disk.calls), disk)
    } catch {
      if case .newerFormat = error { return nil }
      if case .io("open", _, _, _) = error { return nil }  // It names a table that is not there.
      return disk.isDamage(error) ? nil : "\(error)"
    }
  }
}

// What stands in the directory.
extension Decoder {
  /// The second table goes on where the first ends; the third overlaps both.
  private static let contents: [[Key]] = [keys("a", "b"), keys("c", "d"), keys("b", "c", "e")]
  private static func keys(_ texts: String...) -> [Key] { texts.compactMap { try? Key($0) } }

  private static let written: (files: [String: [UInt8]], records: [TableRecord]) = {
    let disk = MemoryDirectory([:])
    var records: [TableRecord] = []
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      for (number, keys) in contents.enumerated() {
        var writer = try SSTableWriter<Entry>(number: number + 1, in: directory)
        for key in keys { try writer.append(key, .tombstone) }
        records.append(try writer.finish().record)
      }
    } catch { preconditionFailure("\(error)") }
    let files = records.map { ($0.file, disk.bytes(of: $0.file) ?? []) }
    return (Dictionary(uniqueKeysWithValues: files), records)
  }()

  private static var tableFiles: [String: [UInt8]] { written.files }

  private static let flatManifests: [[UInt8]] = [
    framed(#"{"nextTable":1,"tables":[],"week":2}"#),
    framed(#"{"nextTable":4,"tables":[\#(records(0, 1, 2))],"week":4}"#),
  ]

  private static let levelManifests: [[UInt8]] = [
    framed(#"{"levels":[[]],"nextTable":1,"week":5}"#),
    framed(#"{"levels":[[\#(ranged(2))],[\#(ranged(0)),\#(ranged(1))]],"nextTable":4,"week":5}"#),
  ]

  private static func records(_ numbers: Int...) -> String {
    numbers.map(record).joined(separator: ",")
  }

  private static func record(_ number: Int) -> String {
    let record = written.records[number]
    return #"{"bytes":\#(record.bytes),"crc32c":"\#(record.crc32c)","entries":\#(record.entries),"#
      + #""file":"\#(record.file)"}"#
  }

  private static func ranged(_ number: Int) -> String {
    let keys = contents[number]
    return #"{"range":["\#(keys[0])","\#(keys[keys.count - 1])"],"record":\#(record(number))}"#
  }

  private static func framed(_ body: String) -> [UInt8] {
    sealedManifest(Array((#"{"crc32c":"00000000","manifest":"# + body + "}\n").utf8))
  }

  /// The checksum is in the frame, and is that of what the frame holds.
  @Sendable
  private static func sealedManifest(_ bytes: [UInt8]) -> [UInt8] {
    let (checksum, body) = (11..<19, 32)
    guard bytes.count >= body + 2 else { return bytes }
    var sealed = bytes
    let text = Checksum.text(Checksum.of(Array(bytes[body..<bytes.count - 2])))
    sealed.replaceSubrange(checksum, with: text.utf8)
    return sealed
  }
}
