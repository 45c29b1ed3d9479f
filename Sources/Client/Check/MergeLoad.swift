import Scenarios

/// Writes for a merge: they fill five memtables, and most keys are in all five tables.
///
/// In each table a key is written once. Nine tenths of the keys are in all tables. Two small sets are doomed:
/// they are set in the first table, and deleted in the second and in the last. So a merge of fewer than all
/// tables that drops a tombstone brings one of them back.
struct MergeLoad: Sendable {
  static let tables = 5
  /// In the order in which they are sent.
  private(set) var writes: [Write] = []
  /// How many writes a table has.
  let limit: Int

  /// Writes that fill memtables of `limit` entries, 20 or more; those of a table are in the order of `shuffled`.
  init(filling limit: Int, key: (String) -> Key, shuffled: ([Write]) -> [Write]) {
    self.limit = limit
    for table in 1...Self.tables {
      let names = Self.names(in: table, of: limit)
      let set = names.set.map { Write(key($0), .value(Self.value($0, in: table))) }
      writes += shuffled(set + names.deleted.map { Write(key($0), .absent) })
    }
  }

  /// How many bytes the keys and values of all writes have.
  var bytes: Int {
    writes.reduce(0) { $0 + $1.key.text.utf8.count + $1.state.byteCount }
  }

  private static func names(in table: Int, of limit: Int) -> (set: [String], deleted: [String]) {
    let shared = (0..<limit * 9 / 10).map { "shared\($0)" }
    let early = (0..<limit / 20).map { "early\($0)" }
    let late = (0..<limit / 20).map { "late\($0)" }
    let (set, deleted): ([String], [String]) =
      switch table {
      case 1: (shared + early + late, [])
      case 2: (shared, early)
      case tables: (shared, late)
      default: (shared, [])
      }
    let own = (0..<limit - set.count - deleted.count).map { "only\(table).\($0)" }
    return (set + own, deleted)
  }

  private static func value(_ name: String, in table: Int) -> String {
    let start = "\(name) of table \(table) "
    return start + String(repeating: "x", count: 1_000 - start.utf8.count)
  }
}

extension State {
  fileprivate var byteCount: Int {
    if case .value(let value) = self { value.utf8.count } else { 0 }
  }
}
