import Linearizability
import TestSupport
import Week1Memory
import Week8Concurrency

/// A thread that performs one random operation after another, and has each recorded.
struct HotClient {
  let number: Int
  let store: HotStore
  let keys: [Key]
  let recorder: HistoryRecorder<Int>
  var random: SeededGenerator
  private var lastValue: Int

  init(
    _ number: Int, of store: HotStore, keys: [Key], _ recorder: HistoryRecorder<Int>, seed: UInt64
  ) {
    self.number = number
    self.store = store
    self.keys = keys
    self.recorder = recorder
    random = SeededGenerator(seed: seed &* 1_000 &+ UInt64(number))
    lastValue = 1_000_000 * number
  }

  mutating func perform(_ operations: Int) throws {
    for _ in 0..<operations {
      switch Int.random(in: 0..<100, using: &random) {
      case ..<40: try get()
      case ..<55: try getTogether(.random(in: 2...keys.count, using: &random))
      case ..<85: try write(1)
      default: try write(.random(in: 2...3, using: &random))
      }
    }
  }

  private mutating func get() throws {
    let key = someKeys(of: keys, 1)[0]
    let token = recorder.invoke(client: number)
    let value = try store.get(key)
    recorder.respond(token, reads: ["\(key)": Self.number(of: value)])
  }

  private mutating func getTogether(_ count: Int) throws {
    let keys = someKeys(of: keys, count)
    let token = recorder.invoke(client: number)
    let values = try store.getTogether(keys)
    let reads = zip(keys, values).map { ("\($0)", Self.number(of: $1)) }
    recorder.respond(token, reads: Dictionary(uniqueKeysWithValues: reads))
  }

  private mutating func write(_ count: Int) throws {
    var (batch, writes) = (WriteBatch(), [String: Int?]())
    for key in keysToWrite(count) {
      let value = nextValue()
      writes.updateValue(value, forKey: "\(key)")
      if let value { batch.set(key, to: try Self.value(value)) } else { batch.delete(key) }
    }
    let token = recorder.invoke(client: number, writes: writes)
    try store.write(batch)
    recorder.respond(token)
  }

  /// Mostly the first three, so that the others are often in an older table.
  private mutating func keysToWrite(_ count: Int) -> [Key] {
    let isHot = Int.random(in: 0..<5, using: &random) > 0
    return someKeys(of: isHot ? Array(keys.prefix(3)) : keys, count)
  }

  private mutating func someKeys(of keys: [Key], _ count: Int) -> [Key] {
    Array(keys.shuffled(using: &random).prefix(count))
  }
}

// Values. Each is written once, and its length is its number, so that a memtable is soon full.
extension HotClient {
  /// Nil, for a delete, one time in four.
  private mutating func nextValue() -> Int? {
    if Int.random(in: 0..<4, using: &random) == 0 { return nil }
    lastValue += 1
    return lastValue
  }

  private static func value(_ number: Int) throws -> Value {
    try Value("\(number)" + String(repeating: ".", count: number * 7 % 200))
  }

  /// -1, which is never written, for a value that is not as it was written.
  private static func number(of value: Value?) -> Int? {
    guard let value else { return nil }
    let number = Int(value.text.prefix { $0 != "." })
    let written = number.flatMap { try? Self.value($0) }
    return written == value ? number : -1
  }
}
