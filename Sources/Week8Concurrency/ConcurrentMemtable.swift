import Basics
import Synchronization
public import Week1Memory
public import Week4Compaction

/// The memtable of week 8: ordered as week 7's, and read by any number of threads while one writes.
///
/// A reader takes no lock and never waits, and the writer never waits for a reader. The tree is that of
/// week 7, an adaptive radix tree, but a node does not change under a reader, except by a store of one
/// word (``NodeKind``). An entry that is overwritten stays, behind the new one, with its sequence
/// number. So whoever knows a number can go on reading what was there when it was the newest.
///
/// Keys and values are copied into memory of the memtable's own, which goes when the last reference to
/// the memtable and the last cursor do. It may be at most 16 GiB.
public final class ConcurrentMemtable: Sendable {
  let arena = SharedArena()
  private let keys = Atomic(0)

  public init() {}

  /// How many keys it has. Any thread may ask. O(1).
  public var count: Int { keys.load(ordering: .relaxed) }

  /// The memory that nodes and entries take, in bytes, those that were replaced as well. Any thread may
  /// ask. O(1).
  public var bytes: Int { arena.bytes }

  /// Sets a key. One thread at a time may call this, and `sequence` must not fall from call to call:
  /// both are the caller's promise. O(length of the key and the entry).
  public func set(_ key: Key, to entry: Entry, at sequence: UInt64) {
    let bytes = key.bytes.slice
    set(bytes.span, to: entry, at: sequence)
  }

  func set(_ key: Span<UInt8>, to entry: Entry, at sequence: UInt64) {
    if arena.insert(key, entry, at: sequence) {
      keys.store(count + 1, ordering: .relaxed)
    }
  }

  /// The newest entry of `key` whose number is at most `sequence`; nil if there is none.
  /// O(length of the key, and entries of the key that are newer).
  public func entry(for key: Key, at sequence: UInt64) -> Entry? {
    let bytes = key.bytes.slice
    return entry(for: bytes.span, at: sequence)
  }

  func entry(for key: Span<UInt8>, at sequence: UInt64) -> Entry? {
    arena.entry(for: key).flatMap { arena.version(of: $0, at: sequence) }
      .map { arena.payload(of: $0) }
  }

  /// Rows in the order of their keys, each key once, with its newest entry whose number is at most
  /// `sequence`: from the first key that is not before `start` (nil: the first of all) up to, but
  /// without, `end` (nil: to the last). O(length of `start`).
  ///
  /// The writer may go on meanwhile. Whatever was set before this call, with a number that is at most
  /// `sequence`, is among the rows.
  public func rows(from start: Key?, to end: Key?, at sequence: UInt64) -> MemtableCursor {
    MemtableCursor(self, from: start?.bytes.slice ?? [], to: end?.bytes.slice, at: sequence)
  }
}
