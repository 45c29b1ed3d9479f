public import Week1Memory

extension Memtable {
  /// All entries in the order of their keys. O(n log n).
  public func sorted() -> [(key: Key, payload: Payload)] {
    entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
