import TestSupport
import Week1Memory
import Week3WAL

/// One thing that a user of an engine does, or that happens to it.
enum Step: Sendable {
  case set(Key, Value)
  case delete(Key)
  /// These writes together. A nil value is a delete.
  case batch([(key: Key, value: Value?)])
  /// From here on, the store as it is now is read again and again.
  case snapshot
  case flush, compact, sync
  /// A clean stop and a start.
  case reopen
  /// The process is killed and restarted.
  case kill
}

/// A sequence of steps, the same for the same seed.
struct Workload: Sendable {
  let seed: UInt64
  let thresholds: Thresholds
  let steps: [Step]

  init(seed: UInt64, length: Int, for week: ProvenWeek, policy: SyncPolicy = .always) {
    var generator = SeededGenerator(seed: seed)
    self.seed = seed
    thresholds = Thresholds(using: &generator, policy: policy)
    let unsynced = policy != .always
    steps = (0..<length).map { number in
      Self.step(number, for: week, syncs: unsynced, using: &generator)
    }
  }

  /// Few, so that most writes overwrite. Two need an escape in JSON.
  static let keys: [Key] = ["apple", "b\"b", "c\\c", "d", "elder", "fig", "g", "~"]
  /// Never written.
  static let absentKey: Key = "absent"

  private static func step(
    _ number: Int, for week: ProvenWeek, syncs: Bool, using generator: inout SeededGenerator
  ) -> Step {
    let key = keys.randomElement(using: &generator) ?? absentKey
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<5: return .flush
    case 5..<8: return .compact
    case 8..<11: return .reopen
    case 11..<14: return .kill
    case 14..<22 where syncs: return .sync
    case 22..<44 where week.deletes: return .delete(key)
    case 44..<52 where week.hasBatches: return batch(number, using: &generator)
    case 52..<57 where week.hasBatches: return .snapshot
    default: return .set(key, value(number, using: &generator))
    }
  }

  /// One key may occur twice.
  private static func batch(_ number: Int, using generator: inout SeededGenerator) -> Step {
    let count = Int.random(in: 2...4, using: &generator)
    return .batch(
      (0..<count).map { place in
        let isDelete = Int.random(in: 0..<4, using: &generator) == 0
        let value = value(number * 10 + place, using: &generator)
        return (keys.randomElement(using: &generator) ?? absentKey, isDelete ? nil : value)
      })
  }

  /// Every value is different. Some need escapes, some span sectors, one is as short as possible.
  private static func value(_ number: Int, using generator: inout SeededGenerator) -> Value {
    let text = "v\(number)"
    let isLong = Int.random(in: 0..<12, using: &generator) == 0
    let filler =
      isLong ? String(repeating: ".", count: .random(in: 400...1200, using: &generator)) : ""
    let escapes = Int.random(in: 0..<8, using: &generator) == 0 ? "\n\"\\\u{0}\t" : ""
    do { return try Value(text + escapes + filler) } catch { return "" }
  }
}

extension Step: CustomStringConvertible {
  var isRestart: Bool {
    switch self {
    case .reopen, .kill: true
    case .set, .delete, .batch, .snapshot, .flush, .compact, .sync: false
    }
  }

  var isWrite: Bool {
    switch self {
    case .set, .delete, .batch: true
    case .snapshot, .flush, .compact, .sync, .reopen, .kill: false
    }
  }

  var description: String {
    switch self {
    case .set(let key, let value): "set \(key) to \(value.text.prefix(6).debugDescription)"
    case .delete(let key): "delete \(key)"
    case .batch(let rows): "batch of \(rows.map(\.key))"
    case .snapshot: "snapshot"
    case .flush: "flush"
    case .compact: "compact"
    case .sync: "sync"
    case .reopen: "reopen"
    case .kill: "kill"
    }
  }
}
