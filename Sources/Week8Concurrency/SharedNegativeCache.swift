import Synchronization
import Week1Memory
import Week4Compaction
import Week7BloomTrie

/// Week 4's negative cache among concurrent readers and writers.
///
/// A reader that has missed may come late: a writer may have set the key meanwhile, and then the key must
/// not be remembered as absent. So each shard knows the number of the last write to any of its keys, and a
/// reader may only enter a key if there was none after what it read.
final class SharedNegativeCache: Sendable {
  private struct Shard: Sendable {
    var keys: NegativeCache
    var lastWrite: UInt64
  }

  private final class Guarded: Sendable {
    let shard: Mutex<Shard>
    let count = Atomic(0)

    init(_ shard: Shard) {
      self.shard = Mutex(shard)
    }
  }

  private let shards: [Guarded]
  private let isEnabled: Bool

  private static let shardCount = 64

  init(_ options: NegativeCache.Options) {
    isEnabled = options.capacity > 0
    let capacity = (options.capacity + Self.shardCount - 1) / Self.shardCount
    shards = (0..<Self.shardCount).map { _ in
      Guarded(Shard(keys: NegativeCache(.init(capacity: capacity)), lastWrite: 0))
    }
  }

  func contains(_ key: Key, hash: UInt64) -> Bool {
    let guarded = shard(of: hash)
    if guarded.count.load(ordering: .relaxed) == 0 { return false }
    return guarded.shard.withLock { $0.keys.contains(key) }
  }

  /// Remembers that `key` was absent as of the write `sequence`.
  func insert(_ key: Key, hash: UInt64, asOf sequence: UInt64) {
    if !isEnabled { return }
    let guarded = shard(of: hash)
    guarded.shard.withLock { shard in
      if shard.lastWrite > sequence { return }
      shard.keys.insert(key)
      guarded.count.store(shard.keys.count, ordering: .relaxed)
    }
  }

  /// Forgets `key`, which the write `sequence` sets. Call this before readers see the write.
  func remove(_ key: Key, writtenBy sequence: UInt64) {
    if !isEnabled { return }
    let guarded = shard(of: FilteredTable.hash(of: key))
    guarded.shard.withLock { shard in
      shard.lastWrite = sequence
      if guarded.count.load(ordering: .relaxed) == 0 { return }
      shard.keys.remove(key)
      guarded.count.store(shard.keys.count, ordering: .relaxed)
    }
  }

  private func shard(of hash: UInt64) -> Guarded { shards[Int(hash % UInt64(Self.shardCount))] }

  var statistics: [Statistic] {
    let all = shards.map { $0.shard.withLock { $0.keys.statistics } }
    guard let first = all.first else { return [] }
    return first.indices.map { index in
      let sum = all.reduce(0) { $0 + $1[index].value }
      return first[index].kind == .gauge
        ? .gauge(first[index].name, sum) : .counter(first[index].name, sum)
    }
  }
}
