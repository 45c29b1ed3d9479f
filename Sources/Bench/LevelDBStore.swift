import Basics
import Synchronization
import Week1Memory
import Week2LSM
import Week5Leveling
import Week8Concurrency
import Weeks

/// LevelDB behind the interface of our stores, so that one benchmark times both. It has a Bloom filter with
/// 10 bits for each key, like ours, and compresses nothing.
final class LevelDBStore: Store, @unchecked Sendable {  // LevelDB's handles are safe to share.
  private let library: LevelDBLibrary
  private let database: LevelDBLibrary.Handle
  private let reading: LevelDBLibrary.Handle
  private let writing: LevelDBLibrary.Handle

  init(
    _ directory: String, _ library: LevelDBLibrary, memtableBytes: Int, cacheBytes: Int, syncs: Bool
  ) throws {
    self.library = library
    let options = library.makeOptions()
    library.setCreates(options, 1)
    library.setMemtableBytes(options, memtableBytes)
    library.setCompression(options, 0)
    library.setCache(options, library.makeCache(cacheBytes))
    library.setFilter(options, library.makeFilter(10))
    reading = library.makeReadOptions()
    writing = library.makeWriteOptions()
    library.setSyncs(writing, syncs ? 1 : 0)
    database = try library.check { library.open(options, directory, $0) }
  }

  func set(_ key: Key, to value: Value) throws(StorageError) {
    try check { failure in
      key.bytes.withStorage { key in
        value.bytes.withStorage { value in
          library.put(
            database, writing, key.baseAddress!, key.count, value.baseAddress!, value.count, failure
          )
        }
      }
    }
  }

  func get(_ key: Key) throws(StorageError) -> Value? {
    var count = 0
    let found = try check { failure in
      key.bytes.withStorage { key in
        library.get(database, reading, key.baseAddress!, key.count, &count, failure)
      }
    }
    guard let found else { return nil }
    defer { library.free(found) }
    return Value(copying: UnsafeRawBufferPointer(start: found, count: count))
  }

  func delete(_ key: Key) throws(StorageError) {
    try check { failure in
      key.bytes.withStorage {
        library.delete(database, writing, $0.baseAddress!, $0.count, failure)
      }
    }
  }

  func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    LevelDBScan(LevelDBIterator(library, library.makeIterator(database, reading), from: start), end)
  }

  func compactAll() { library.compactRange(database, nil, 0, nil, 0) }
  func close() { library.close(database) }

  // LevelDB flushes when it compacts, and syncs each write or none.
  func flush() {}
  func compact() {}
  func sync() {}
  var statistics: [Statistic] { [] }
  var writesStopped: StorageError? { nil }

  private func check<Result>(_ call: (LevelDBLibrary.Failure) -> Result) throws(StorageError)
    -> Result
  {
    do {
      return try library.check(call)
    } catch {
      throw .io(operation: "call LevelDB", path: "", errno: 0, reason: "\(error)")
    }
  }
}

/// A row of the iterator is copied when it is read, since our rows own their bytes.
private struct LevelDBScan: Scan {
  private let iterator: LevelDBIterator
  private let end: Key

  init(_ iterator: LevelDBIterator, _ end: Key) {
    self.iterator = iterator
    self.end = end
  }

  mutating func next() -> Row<Value>? {
    guard let row = iterator.row, row.key < end else { return nil }
    iterator.advance()
    return row
  }

  mutating func next(examining limit: Int) -> [Row<Value>]? {
    var rows: [Row<Value>] = []
    while rows.count < limit, let row = next() { rows.append(row) }
    return rows.isEmpty ? nil : rows
  }
}

/// Used by one thread at a time.
private final class LevelDBIterator: @unchecked Sendable {
  private let library: LevelDBLibrary
  private let iterator: LevelDBLibrary.Handle

  init(_ library: LevelDBLibrary, _ iterator: LevelDBLibrary.Handle, from start: Key) {
    self.library = library
    self.iterator = iterator
    start.bytes.withStorage { library.seek(iterator, $0.baseAddress!, $0.count) }
  }

  deinit { library.destroyIterator(iterator) }

  var row: Row<Value>? {
    guard library.isValid(iterator) != 0 else { return nil }
    var (keyCount, valueCount) = (0, 0)
    let key = library.key(iterator, &keyCount)
    let value = library.value(iterator, &valueCount)
    return Row(
      Key(stored: Bytes(UnsafeRawBufferPointer(start: key, count: keyCount))),
      Value(copying: UnsafeRawBufferPointer(start: value, count: valueCount)))
  }

  func advance() { library.advance(iterator) }
}

extension Value {
  fileprivate init(copying bytes: UnsafeRawBufferPointer) { self.init(stored: Bytes(bytes)) }
}

extension Bytes {
  /// Calls `body` with the bytes, without a copy. The address is not nil even if there are none.
  fileprivate func withStorage<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    withContiguousStorageIfAvailable(body)!
  }
}
