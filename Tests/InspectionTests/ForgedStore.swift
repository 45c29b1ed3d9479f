import Inspection
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks

/// A store of week 6 whose tables are lists: two at level 0 that span all keys, three at level 1.
struct ForgedStore {
  var levels: [[ForgedTable]]

  enum Answer: Equatable {
    case value(String?)
    case damage
  }

  init(using generator: inout SeededGenerator) {
    let upper = (1...2).map { number in
      let keys = ["k098", "k199"] + (100..<196).filter { $0 % 4 == number }.map { "k\($0)" }
      return Self.table(number, keys.sorted(), &generator)
    }
    let lower = (3...5).map { number in
      let start = 100 + (number - 3) * 32
      return Self.table(number, (start..<start + 32).map { "k\($0)" }, &generator)
    }
    levels = [upper, lower]
  }

  /// Three blocks or more, of four to seven keys each.
  private static func table(
    _ number: Int, _ keys: [String], _ generator: inout SeededGenerator
  ) -> ForgedTable {
    var blocks: [ForgedTable.Block] = []
    var rest = keys[...]
    while !rest.isEmpty {
      let most = min(7, rest.count - 4)
      let count = most < 4 ? rest.count : Int.random(in: 4...most, using: &generator)
      let rows = rest.prefix(count).map { key in
        (key, Int.random(in: 0..<8, using: &generator) == 0 ? nil : "\(key) of \(number)")
      }
      blocks.append(.init(separator: blocks.isEmpty ? "" : rows[0].0, rows: rows))
      rest = rest.dropFirst(count)
    }
    return ForgedTable(number: number, blocks: blocks, range: keys[0]...keys[keys.count - 1])
  }

  /// The directory, with every checksum correct.
  func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = ["wal.db": []]
    let lists = try levels.map { level in
      let entries = try level.map { table in
        let (bytes, entry) = try table.encoded()
        files[table.fileName] = bytes
        return entry
      }
      return "[\(entries.joined(separator: ","))]"
    }
    let body = #"{"levels":[\#(lists.joined(separator: ","))],"nextTable":6}"#
    files["MANIFEST"] = Forgery.manifest(week: 6, body)
    return files
  }

  /// Every key that occurs, and some that do not.
  var probes: [String] {
    let keys = levels.joined().flatMap { $0.blocks.flatMap { $0.rows.map(\.key) } }
    let valid = keys.filter { $0.count <= Key.maximumLength }
    return Set(valid + ["!", "k", "k1305", "k1999", "~"]).sorted()
  }

  /// The answer to a get: a table that cannot hold the key is not read, and of the others one block is.
  func answer(to key: String) -> Answer {
    for table in Array(levels[0].reversed()) + levels[1] where table.range.contains(key) {
      guard let place = table.place(of: key) else { continue }
      if !table.isSound(place) { return .damage }
      if let row = table.blocks[place].rows.first(where: { $0.key == key }) {
        return .value(row.value)
      }
    }
    return .value(nil)
  }

  static var options: BlockEngine.Options {
    var options = BlockEngine.Options()
    options.levels = LevelOptions(level0Limit: 4, tableLimit: 20, growth: 10)
    options.blocks = BlockOptions(blockLength: 64, restartInterval: 2)
    options.negativeCache.capacity = 0
    return options
  }
}
