public import HeapModule
public import Week1Memory
public import Week2LSM

/// Several cursors as one (a k-way merge): every key once, with the newest of its rows.
public struct MergeCursor<Source: Cursor>: Cursor {
  @usableFromInline var sources: [Source]
  /// The first row of every source that has one.
  @usableFromInline var heads = Heap<Head>()

  @usableFromInline
  struct Head: Comparable, Sendable {
    @usableFromInline let row: Row<Source.Payload>
    @usableFromInline let source: Int

    @inlinable
    init(_ row: Row<Source.Payload>, of source: Int) {
      self.row = row
      self.source = source
    }

    // The smallest key first. Where keys are equal, the newest source: the lowest number.
    @inlinable
    static func < (a: Head, b: Head) -> Bool {
      a.row.key == b.row.key ? a.source < b.source : a.row.key < b.row.key
    }
    @inlinable
    static func == (a: Head, b: Head) -> Bool {
      a.row.key == b.row.key && a.source == b.source
    }
  }

  /// Merges `sources`, which come from newest to oldest.
  @inlinable
  public init(_ sources: [Source]) throws(StorageError) {
    self.sources = sources
    for source in sources.indices {
      if let row = try self.sources[source].next() { heads.insert(Head(row, of: source)) }
    }
  }

  /// O(log sources), and once more for every older row of the same key.
  @inlinable
  public mutating func next() throws(StorageError) -> Row<Source.Payload>? {
    guard let newest = heads.min else { return nil }
    try advance()
    while let older = heads.min, older.row.key == newest.row.key {
      try advance()  // The source whose row is skipped, and no other.
    }
    return newest.row
  }

  /// Puts the next row of the source that has the smallest key in the place of that row.
  @inlinable
  mutating func advance() throws(StorageError) {
    guard let source = heads.min?.source else { return }
    if let row = try sources[source].next() {
      heads.replaceMin(with: Head(row, of: source))
    } else {
      heads.removeMin()
    }
  }
}

extension MergeCursor: Sendable where Source: Sendable {}
