import HeapModule
public import Week1Memory
public import Week2LSM

/// Several cursors as one (a k-way merge): every key once, with the newest of its rows.
public struct MergeCursor<Source: Cursor>: Cursor {
  private var sources: [Source]
  /// The first row of every source that has one.
  private var heads = Heap<Head>()

  private struct Head: Comparable {
    let row: Row<Source.Payload>
    let source: Int

    // The smallest key first. Where keys are equal, the newest source: the lowest number.
    static func < (a: Head, b: Head) -> Bool {
      a.row.key == b.row.key ? a.source < b.source : a.row.key < b.row.key
    }
    static func == (a: Head, b: Head) -> Bool {
      a.row.key == b.row.key && a.source == b.source
    }
  }

  /// Merges `sources`, which come from newest to oldest.
  public init(_ sources: [Source]) throws(StorageError) {
    self.sources = sources
    for source in sources.indices { try advance(source) }
  }

  /// O(log sources), and once more for every older row of the same key.
  public mutating func next() throws(StorageError) -> Row<Source.Payload>? {
    guard let newest = heads.popMin() else { return nil }
    try advance(newest.source)
    while let older = heads.min, older.row.key == newest.row.key {
      heads.removeMin()
      try advance(older.source)  // The source whose row is skipped, and no other.
    }
    return newest.row
  }

  private mutating func advance(_ source: Int) throws(StorageError) {
    if let row = try sources[source].next() { heads.insert(Head(row: row, source: source)) }
  }
}

extension MergeCursor: Sendable where Source: Sendable {}
