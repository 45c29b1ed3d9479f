import Week1Memory
import Week2LSM
import Week4Compaction

@testable import Week8Concurrency

/// What a memtable should hold: every write, and so the state at each sequence number.
struct MemtableModel {
  private var versions: [Key: [(sequence: UInt64, entry: Entry)]] = [:]

  var keys: [Key] { versions.keys.sorted() }

  mutating func set(_ key: Key, to entry: Entry, at sequence: UInt64) {
    versions[key, default: []].append((sequence, entry))
  }

  func entry(for key: Key, at sequence: UInt64) -> Entry? {
    versions[key]?.last { $0.sequence <= sequence }?.entry
  }

  func rows(from start: Key?, to end: Key?, at sequence: UInt64) -> [MemtableRow] {
    keys.filter { key in start.map { key >= $0 } != false && end.map { key < $0 } != false }
      .compactMap { key in entry(for: key, at: sequence).map { MemtableRow(key: key, entry: $0) } }
  }
}

struct MemtableRow: Equatable {
  let key: Key
  let entry: Entry
}

extension MemtableCursor {
  /// The next rows, at most `count`.
  mutating func next(_ count: Int) throws -> [MemtableRow] {
    var rows: [MemtableRow] = []
    while rows.count < count, let row = try next() {
      rows.append(MemtableRow(key: row.key, entry: row.payload))
    }
    return rows
  }
}
