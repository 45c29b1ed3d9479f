import CrashModel
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// A directory in memory, and tables in it.
struct Shelf {
  static let path = "/store"

  let disk: SimulatedDisk
  let directory: Directory

  init() throws {
    disk = SimulatedDisk()
    directory = try Directory(Self.path, calls: disk.calls)
  }

  func bytes(of file: String) -> [UInt8] { disk.image.bytes(of: "\(Self.path)/\(file)") ?? [] }

  /// A table in JSON, as the weeks 2 to 5 write it.
  func jsonTable(_ number: Int, _ rows: [Row<Entry>]) throws -> SSTable<Entry> {
    var rows = SortedRows(rows)
    return try SSTable.write(number: number, in: directory, .init()) { rows.next() }
  }

  /// A table in blocks, as week 6 writes it.
  func blockTable(
    _ number: Int, _ rows: [Row<Entry>], _ options: BlockOptions
  ) throws -> BlockTable {
    var rows = SortedRows(rows)
    let options = BlockTable.Options(options, cache: BlockCache(capacity: 0))
    return try BlockTable.write(number: number, in: directory, options) { rows.next() }
  }
}

extension Row where Payload == Entry {
  /// A row whose value is short, or a tombstone.
  init(_ key: Key, _ value: Value?) {
    self.init(key, value.map { .value($0) } ?? .tombstone)
  }

  /// `apple 5`, or `apple ✝` for a tombstone.
  var label: String { "\(key) \(payload.label)" }
}

extension Entry {
  var label: String { value.map { "\($0)" } ?? "✝" }
}
