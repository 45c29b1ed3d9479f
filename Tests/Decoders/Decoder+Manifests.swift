import Basics
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

// After a start, the directory has exactly the tables that the manifest names; and a manifest that
// is written again says the same.
extension Decoder {
  public static let manifest = Decoder(
    "manifest", samples: flatManifests, sealedBy: sealedManifest
  ) { bytes in
    fault(of: bytes) { (directory: Directory, disk) throws(StorageError) in
      var tables = try TableSet<TableList<Entry>>.open(in: directory, for: 4)
      if let fault = faultOfNames(tables.current.records, in: disk) { return fault }
      try tables.commit(tables.newTables) { _ in }
      return disk.bytes(of: ManifestFile.name) == bytes || tables.week == 0
        ? nil : "written again it is other bytes"
    }
  }

  public static let levelManifest = Decoder(
    "level manifest", samples: flatManifests + levelManifests, sealedBy: sealedManifest
  ) { bytes in
    fault(of: bytes) { (directory: Directory, disk) throws(StorageError) in
      var tables = try TableSet.open(in: directory, for: 5, LevelOptions())
      let records = tables.current.records
      if let fault = faultOfNames(records, in: disk) { return fault }
      for level in tables.current.tables.dropFirst() {
        let ranges = level.map(\.keyRange)
        let areApart = zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
        if !areApart { return "the tables of a level overlap" }
      }
      if tables.week < 5 { return nil }
      try tables.commit(tables.newTables) { _ in }
      guard let manifest = try LevelManifest.load(from: tables.directory, for: 5) else {
        return "written again it is gone"
      }
      return manifest.records == records ? nil : "written again it names other tables"
    }
  }

  private static func faultOfNames(_ tables: [TableRecord], in disk: MemoryDirectory) -> String? {
    let names = tables.map(\.file)
    return disk.names.subtracting([ManifestFile.name]) == Set(names)
      ? nil : "it names \(names), and there are \(disk.names.sorted())"
  }

  private static func fault(
    of manifest: [UInt8],
    _ check: (Directory, MemoryDirectory) throws(StorageError) -> String?
  ) -> String? {
    let disk = MemoryDirectory(tableFiles.merging([ManifestFile.name: manifest]) { $1 })
    do throws(StorageError) {
      return try check(try Directory(MemoryDirectory.path, calls: disk.calls), disk)
    } catch {
      if case .newerFormat = error { return nil }
      if case .io("open", _, _, _) = error { return nil }  // It names a missing table.
      return disk.isDamage(error) ? nil : "\(error)"
    }
  }
}

// The contents of the directory.
extension Decoder {
  /// The second table continues where the first ends; the third overlaps both.
  private static let contents: [[Key]] = [keys("a", "b"), keys("c", "d"), keys("b", "c", "e")]
  private static func keys(_ texts: String...) -> [Key] { texts.compactMap { try? Key($0) } }

  private static let written: (files: [String: [UInt8]], records: [TableRecord]) = {
    let disk = MemoryDirectory([:])
    var records: [TableRecord] = []
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      for (number, keys) in contents.enumerated() {
        var writer = try SSTableWriter<Entry>(number: number + 1, in: directory)
        for key in keys { try writer.append(Row(key, .tombstone)) }
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

  static func framed(_ body: String) -> [UInt8] {
    sealedManifest(Array((#"{"crc32c":"00000000","manifest":"# + body + "}\n").utf8))
  }

  /// The checksum in the frame is that of the frame's content.
  @Sendable
  static func sealedManifest(_ bytes: [UInt8]) -> [UInt8] {
    let (checksum, body) = (11..<19, 32)
    guard bytes.count >= body + 2 else { return bytes }
    var sealed = bytes
    let text = Checksum.text(Checksum.of(Array(bytes[body..<bytes.count - 2])))
    sealed.replaceSubrange(checksum, with: text.utf8)
    return sealed
  }
}
