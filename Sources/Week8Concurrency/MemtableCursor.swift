import Basics
public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// The rows of a ``ConcurrentMemtable`` as they were at a sequence number. Keeps the memtable alive.
///
/// It works in batches: it finds some entries, then examines them one right after the other, so
/// that the processor fetches several from memory at a time, and copies them into one buffer, which
/// their keys and values share. The first batch is small, for a short scan; each may be twice as
/// large as the previous one, up to the limits.
public struct MemtableCursor: Cursor, Sendable {
  private static let largestBatch = 64
  /// A buffer of this size takes no further row. A row that is kept keeps its whole buffer in memory.
  private static let bufferBytes = 1 << 13

  private let memtable: ConcurrentMemtable
  private let sequence: UInt64
  private let end: ArraySlice<UInt8>?
  private var walk: TreeWalk
  private var batch = 1

  /// The rows, and after them the entries, that come next. Both are in reverse, so that taking one
  /// is O(1).
  private var rows: [Row<Entry>] = []
  private var entries: [StoredEntry] = []

  init(
    _ memtable: ConcurrentMemtable, from start: ArraySlice<UInt8>, to end: ArraySlice<UInt8>?,
    at sequence: UInt64
  ) {
    self.memtable = memtable
    self.sequence = sequence
    self.end = end
    walk = memtable.arena.walk(from: start.span)
  }

  public mutating func next() throws(StorageError) -> Row<Entry>? {
    if rows.isEmpty {
      while entries.isEmpty, findEntries() {}
      copyRows()
    }
    return rows.popLast()
  }

  /// Finds the entries of the next keys; the cursor may not see any of them. Returns false after
  /// the last key.
  private mutating func findEntries() -> Bool {
    var newest: [StoredEntry] = []
    while newest.count < batch, let entry = memtable.arena.next(of: &walk) { newest.append(entry) }
    batch = min(2 * batch, Self.largestBatch)
    for entry in newest {
      if let end, memtable.arena.compare(memtable.arena.key(of: entry), to: end.span) >= 0 {
        walk.stop()
        break
      }
      if let entry = memtable.arena.version(of: entry, at: sequence) { entries.append(entry) }
    }
    entries.reverse()
    return !newest.isEmpty
  }

  private mutating func copyRows() {
    var (count, bytes) = (0, 0)
    while count < entries.count, bytes < Self.bufferBytes {
      count += 1
      bytes += memtable.arena.content(of: entries[entries.count - count]).count
    }
    memtable.arena.appendRows(of: entries.suffix(count), bytes: bytes, to: &rows)
    entries.removeLast(count)
  }
}
