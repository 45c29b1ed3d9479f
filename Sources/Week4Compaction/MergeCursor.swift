public import HeapModule
public import Week1Memory
public import Week2LSM

/// Merges several cursors into one (a k-way merge): every key once, with the newest of its rows.
public struct MergeCursor<Source: Cursor>: Cursor {
  @usableFromInline var sources: [Source]
  /// The next row, and in `others` the first row of every other source that has one.
  @usableFromInline var first: Head?
  @usableFromInline var others = Heap<Head>()

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
  }

  /// Merges `sources`, given from newest to oldest.
  @inlinable
  public init(_ sources: [Source]) throws(StorageError) {
    self.sources = sources
    for source in sources.indices {
      if let head = try head(of: source) { others.insert(head) }
    }
    first = others.popMin()
  }

  /// O(log sources), and as much again for every older row of the same key. While one source has
  /// the smallest keys, it takes one comparison.
  @inlinable
  public mutating func next() throws(StorageError) -> Row<Source.Payload>? {
    guard let newest = first.take() else { return nil }
    while let older = others.min, older.row.key == newest.row.key {
      others.removeMin()  // Only the source whose row is skipped advances.
      if let head = try head(of: older.source) { others.insert(head) }
    }
    if let head = try head(of: newest.source) {
      if let other = others.min, other < head {
        first = others.replaceMin(with: head)
      } else {
        first = head
      }
    } else {
      first = others.popMin()
    }
    return newest.row
  }

  /// Takes the next row of a source; nil if it has no more.
  @inlinable
  mutating func head(of source: Int) throws(StorageError) -> Head? {
    guard let row = try sources[source].next() else { return nil }
    return Head(row, of: source)
  }
}

extension MergeCursor: Sendable where Source: Sendable {}
