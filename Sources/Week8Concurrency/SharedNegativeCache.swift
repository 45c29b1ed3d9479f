import Synchronization
import Week1Memory
import Week4Compaction
import Week7BloomTrie

/// Week 4's negative cache, for concurrent readers and writers.
///
/// A reader that has missed may be late: a writer may have set the key meanwhile, and then the key must
/// not be remembered as absent. So each shard knows the number of the last write to any of its keys,
/// and a reader may only insert a key if that write is not newer than what it read. And an entry counts
/// only for readers at its number or later: a snapshot from before a delete still has the value.
final class SharedNegativeCache: Sendable {
  /// A key with the hash that the filters take of it, so that to look for a key which is not here costs
  /// no second hash, and nearly never a look at another key.
  private struct HashedKey: Hashable {
    let hash: UInt64
    let key: Key

    static func == (a: HashedKey, b: HashedKey) -> Bool { a.hash == b.hash && a.key == b.key }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
  }

  private struct Shard: Sendable {
    /// Each key, with the number of the write as of which it was absent.
    var keys = LRUCache<HashedKey, UInt64>()
    var lastWrite: UInt64 = 0
  }

  private final class Guarded: Sendable {
    let shard = Mutex(Shard())
    let count = Atomic(0)
  }

  private let shards: [Guarded]
  /// The most keys in a shard.
  private let shardCapacity: Int
  private let hits = Counter("negative_cache_hits")
  private let misses = Counter("negative_cache_misses")

  private static let shardCount = 64

  init(_ options: NegativeCache.Options) {
    shardCapacity = (options.capacity + Self.shardCount - 1) / Self.shardCount
    shards = (0..<Self.shardCount).map { _ in Guarded() }
  }

  /// Whether `key` is known to be absent for a reader of all writes up to `sequence`.
  func contains(_ key: Key, hash: UInt64, asOf sequence: UInt64) -> Bool {
    let guarded = shard(of: hash)
    if guarded.count.load(ordering: .relaxed) == 0 { return false }
    let absentSince = guarded.shard.withLock { $0.keys.value(for: HashedKey(hash: hash, key: key)) }
    let isKnown = absentSince.map { $0 <= sequence } ?? false
    (isKnown ? hits : misses).add()
    return isKnown
  }

  /// Remembers that `key` was absent as of the write `sequence`.
  func insert(_ key: Key, hash: UInt64, asOf sequence: UInt64) {
    if shardCapacity == 0 { return }
    let guarded = shard(of: hash)
    guarded.shard.withLock { shard in
      if shard.lastWrite > sequence { return }
      shard.keys.insert(sequence, for: HashedKey(hash: hash, key: key))
      if shard.keys.count > shardCapacity { shard.keys.removeOldest() }
      guarded.count.store(shard.keys.count, ordering: .relaxed)
    }
  }

  /// Forgets `key`, which the write `sequence` sets. Must be called before readers see the write.
  func remove(_ key: Key, writtenBy sequence: UInt64) {
    if shardCapacity == 0 { return }
    let hash = FilteredTable.hash(of: key)
    let guarded = shard(of: hash)
    guarded.shard.withLock { shard in
      shard.lastWrite = sequence
      if guarded.count.load(ordering: .relaxed) == 0 { return }
      shard.keys.remove(HashedKey(hash: hash, key: key))
      guarded.count.store(shard.keys.count, ordering: .relaxed)
    }
  }

  private func shard(of hash: UInt64) -> Guarded { shards[Int(hash % UInt64(Self.shardCount))] }

  var statistics: [Statistic] {
    let count = shards.reduce(0) { $0 + $1.count.load(ordering: .relaxed) }
    return [.gauge("negative_cache_keys", count), hits.statistic, misses.statistic]
  }
}
