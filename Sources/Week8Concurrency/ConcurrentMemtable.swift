import Basics
import Synchronization
public import Week1Memory
public import Week4Compaction

/// The memtable of week 8: ordered like week 7's, and read by any number of threads while one writes.
///
/// A reader takes no lock and never waits, and the writer never waits for a reader. The tree is an
/// adaptive radix tree, as in week 7, but a node does not change under a reader except by a store
/// of one word (``NodeKind``). An overwritten entry stays, behind the new one, with its sequence
/// number. So a reader that knows a number can still read what was newest at that number.
///
/// Keys and values are copied into the memtable's own memory, which is freed with the last
/// reference to the memtable and the last cursor. It holds at most 16 GiB.
public final class ConcurrentMemtable: Sendable {
  let arena = SharedArena()
  private let keys = Atomic(0)

  public init() {}

  /// The number of keys. Any thread may ask. O(1).
  public var count: Int { keys.load(ordering: .relaxed) }

  /// The memory that nodes and entries take, in bytes, including those that were replaced. Any
  /// thread may ask. O(1).
  public var bytes: Int { arena.bytes }

  /// Sets a key. The caller must ensure that one thread at a time calls this, and that `sequence`
  /// never decreases. O(length of the key and the entry).
  public func set(_ key: Key, to entry: Entry, at sequence: UInt64) {
    let bytes = key.bytes.slice
    set(bytes.span, to: entry, at: sequence)
  }

  func set(_ key: Span<UInt8>, to entry: Entry, at sequence: UInt64) {
    if arena.insert(key, entry, at: sequence) {
      keys.store(count + 1, ordering: .relaxed)
    }
  }

  /// The newest entry of `key` whose number is at most `sequence`; nil if there is none. O(length
  /// of the key + newer entries of the key).
  public func entry(for key: Key, at sequence: UInt64) -> Entry? {
    let bytes = key.bytes.slice
    return entry(for: bytes.span, at: sequence)
  }

  func entry(for key: Span<UInt8>, at sequence: UInt64) -> Entry? {
    arena.entry(for: key).flatMap { arena.version(of: $0, at: sequence) }
      .map { arena.payload(of: $0) }
  }

  /// The rows from `start` (nil: the first key) up to but excluding `end` (nil: to the last key),
  /// in key order, each key once, with its newest entry whose number is at most `sequence`.
  /// O(length of `start`).
  ///
  /// The writer may continue meanwhile. Everything set before this call with a number of at most
  /// `sequence` is among the rows.
  public func rows(from start: Key?, to end: Key?, at sequence: UInt64) -> MemtableCursor {
    MemtableCursor(self, from: start?.bytes.slice ?? [], to: end?.bytes.slice, at: sequence)
  }
}
