import Scenarios

/// Writes that fill memtables one after the other, for servers that merge tables.
///
/// In each table a key is written once, so a server that flushes at `limit` entries has these tables. Names
/// begin with random digits: every table has keys of the whole range.
struct MergeLoad: Sendable {
  /// In the order in which they are sent.
  private(set) var writes: [Write] = []
  /// How many writes a table has.
  let limit: Int
  private let shape: Shape

  /// Which keys a table has.
  struct Shape: Sendable {
    /// How many tables a round has.
    let tables: Int
    /// How long a value is at least, in bytes.
    let valueLength: Int
    let groups: [Group]
  }

  /// Keys that are written in the same tables. What the groups leave of a table is keys of its own.
  struct Group: Sendable {
    let name: String
    /// Which part of a table they are.
    let percent: Int
    /// The tables of a round, from 1, in which they are set.
    let set: Set<Int>
    /// The tables in which they are deleted.
    var deleted: Set<Int> = []
  }

  /// Writes that fill memtables of `limit` entries, 20 or more; those of a table are in the order of `shuffled`.
  /// A round has other keys than the rounds before.
  init(
    _ shape: Shape, filling limit: Int, rounds: Int = 1, key: (String) -> Key,
    shuffled: ([Write]) -> [Write]
  ) {
    self.limit = limit
    self.shape = shape
    for round in 1...rounds {
      for table in 1...shape.tables {
        let writes = writes(in: table, of: round).map { Write(key(Self.scattered($0)), $1) }
        self.writes += shuffled(writes)
      }
    }
  }

  /// How many bytes the keys and values of all writes have.
  var bytes: Int {
    writes.reduce(0) { $0 + $1.key.text.utf8.count + $1.state.byteCount }
  }

  private func writes(in table: Int, of round: Int) -> [(name: String, state: State)] {
    var writes: [(name: String, state: State)] = []
    for group in shape.groups where group.set.contains(table) || group.deleted.contains(table) {
      for number in 0..<limit * group.percent / 100 {
        let name = "\(group.name)\(round).\(number)"
        writes.append((name, group.deleted.contains(table) ? .absent : value(name, in: table)))
      }
    }
    let own = (0..<limit - writes.count).map { "only\(table).\(round).\($0)" }
    return writes + own.map { ($0, value($0, in: table)) }
  }

  private func value(_ name: String, in table: Int) -> State {
    let start = "\(name) of table \(table) "
    return .value(
      start + String(repeating: "x", count: max(0, shape.valueLength - start.utf8.count)))
  }

  /// The name behind five digits that depend on all of it.
  private static func scattered(_ name: String) -> String {
    let hash = name.utf8.reduce(UInt64(0)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var random = SplitMix64(seed: hash)
    return "\(10_000 + random.below(90_000)).\(name)"
  }
}

extension MergeLoad.Shape {
  /// Five tables, and most keys are in all of them. Two small groups are set in the first table, and deleted in
  /// the second and in the last. So a merge of fewer than all tables that drops a tombstone brings one of them
  /// back.
  static let five = MergeLoad.Shape(
    tables: 5, valueLength: 1_000,
    groups: [
      MergeLoad.Group(name: "shared", percent: 90, set: [1, 2, 3, 4, 5]),
      MergeLoad.Group(name: "early", percent: 5, set: [1], deleted: [2]),
      MergeLoad.Group(name: "late", percent: 5, set: [1], deleted: [5]),
    ])

  /// Thirty tables, of mostly different keys: more than the ten that level 1 holds, so tables move to level 2.
  /// What is old was set when a level was empty. It is overwritten or deleted while it is in level 0, 1 or 2.
  static let thirty = MergeLoad.Shape(
    tables: 30, valueLength: 0,
    groups: [MergeLoad.Group(name: "hot", percent: 5, set: Set(1...30))]
      + [(1, 2), (1, 6), (1, 22), (3, 29), (8, 30), (14, 27)].flatMap { first, last in
        [
          MergeLoad.Group(name: "gone\(first)-\(last).", percent: 5, set: [first], deleted: [last]),
          MergeLoad.Group(name: "changed\(first)-\(last).", percent: 5, set: [first, last]),
        ]
      } + [MergeLoad.Group(name: "back", percent: 5, set: [1, 25], deleted: [12])])
}

extension State {
  fileprivate var byteCount: Int {
    if case .value(let value) = self { value.utf8.count } else { 0 }
  }
}
