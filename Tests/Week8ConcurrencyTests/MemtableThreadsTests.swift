import Basics
import Foundation
import Synchronization
import TestSupport
import Testing
import Week1Memory
import Week4Compaction

@testable import Week8Concurrency

@Suite("Threads that read a memtable beside its writer")
struct MemtableThreadsTests {
  @Test("see everything published to them, nothing newer, and nothing torn")
  func readers() {
    let run = Run(keys: 3_000, writes: 8_000)
    let threads = DispatchGroup()
    for reader in 1...3 {
      threads.start { run.read(using: SeededGenerator(seed: UInt64(reader))) }
    }
    threads.start { run.write() }
    threads.wait()
    #expect(run.faults.withLock { $0 } == [])
    #expect(run.checks.load(ordering: .relaxed) > 0)
  }
}

extension DispatchGroup {
  /// Runs `body` on a thread of its own. A pool could make the writer wait for a reader to end.
  fileprivate func start(_ body: @escaping @Sendable () -> Void) {
    enter()
    Thread {
      body()
      self.leave()
    }.start()
  }
}

/// Write 1 sets key 0, write 2 key 1, and so on, starting over after the last key. So the number of
/// the last write determines what every key is set to.
private final class Run: Sendable {
  private let memtable = ConcurrentMemtable()
  private let keys: [Key]
  /// The indices of the keys, in key order.
  private let order: [Int]
  private let writes: Int
  private let published = Atomic(0)
  let faults = Mutex<[String]>([])
  let checks = Atomic(0)

  init(keys count: Int, writes: Int) {
    var generator = SeededGenerator(seed: 8)
    var keys: [Key] = []
    var known: Set<Key> = []
    while keys.count < count {
      let key = Key.crowded(using: &generator)
      if known.insert(key).inserted { keys.append(key) }
    }
    self.keys = keys
    order = keys.indices.sorted { keys[$0] < keys[$1] }
    self.writes = writes
  }

  /// What write `number` sets: no two set the same, and no part of one occurs in another.
  private static func entry(_ number: Int) -> Entry {
    let text = String(repeating: "\(number) ", count: 1 + number % 20)
    return .value(Value(stored: Bytes(text.utf8)))
  }

  /// What the key with this index is set to after `last` writes.
  private func expected(_ index: Int, after last: Int) -> Entry? {
    let first = index + 1
    return first > last ? nil : Self.entry(last - (last - first) % keys.count)
  }

  func write() {
    for number in 1...writes {
      memtable.set(keys[(number - 1) % keys.count], to: Self.entry(number), at: UInt64(number))
      published.store(number, ordering: .releasing)
    }
  }

  func read(using generator: SeededGenerator) {
    var generator = generator
    var last = 0
    while last < writes {
      last = published.load(ordering: .acquiring)
      for _ in 0..<50 { checkKey(.random(in: keys.indices, using: &generator), after: last) }
      checkRows(from: .random(in: keys.indices, using: &generator), atMost: 50, after: last)
    }
    checkRows(from: 0, atMost: .max, after: last)
  }

  private func checkKey(_ index: Int, after last: Int) {
    let found = memtable.entry(for: keys[index], at: UInt64(last))
    check(found == expected(index, after: last), "key \(index) after \(last) is \(found as Any)")
  }

  /// `first` is the position of a key in key order.
  private func checkRows(from first: Int, atMost count: Int, after last: Int) {
    let start = keys[order[first]]
    var cursor = memtable.rows(from: start, to: nil, at: UInt64(last))
    let rows = order[first...].lazy.compactMap { [self] index in
      expected(index, after: last).map { MemtableRow(key: keys[index], entry: $0) }
    }
    let isRight = (try? cursor.next(count)) == Array(rows.prefix(count))
    check(isRight, "the rows from key \(order[first]) on, after \(last)")
  }

  private func check(_ isRight: Bool, _ fault: @autoclosure () -> String) {
    checks.add(1, ordering: .relaxed)
    if !isRight { faults.withLock { $0.append(fault()) } }
  }
}
