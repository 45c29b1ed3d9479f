public import Week1Memory
public import Week2LSM

/// Rows in the order of their keys, one at a time. Unlike an iterator, a cursor may fail.
public protocol Cursor<Payload> {
  associatedtype Payload: RowPayload

  /// The next row, or nil after the last.
  mutating func next() throws(StorageError) -> Row<Payload>?
}
