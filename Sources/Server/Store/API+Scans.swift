import NIOCore
import Week1Memory
import Week5Leveling
import Weeks

extension API {
  /// Scans what the store holds now, or a snapshot.
  func scan(_ query: ScanQuery, of name: String?, _ reply: Reply) -> Outcome? {
    let escaped = routes.week.takesAnyBytes
    guard let name else {
      return threads.beginScan(reply) { (store) throws(StorageError) in
        let rows = try store.scan(from: query.start, to: query.end)
        return try Self.firstKeys(of: ScannedKeys(rows, limit: query.limit, escaped: escaped))
      }
    }
    guard let snapshot = threads.snapshots.use(name) else { return .refused(.snapshotIsGone) }
    return threads.beginScan(reply) { (_) throws(StorageError) in
      let rows = try snapshot.scan(from: query.start, to: query.end)
      return try Self.firstKeys(
        of: ScannedKeys(rows, limit: query.limit, escaped: escaped, of: name))
    }
  }

  /// Reads the first piece before the head is sent: most scans end with it, and most failures show
  /// by then.
  private static func firstKeys(of keys: ScannedKeys) throws(StorageError) -> Outcome {
    var keys = keys
    let first = try keys.next()
    return keys.isFinished ? .keys(first) : .firstKeys(first, keys)
  }

  /// Reads the next piece of a scan, as `StoreThreads.next` does. Scanning a snapshot renews its lease.
  func next(
    of keys: ScannedKeys, on loop: any EventLoop,
    completion:
      @escaping @Sendable (Result<(piece: ByteBuffer, rest: ScannedKeys), StorageError>)
      -> Void
  ) {
    if let name = keys.snapshot { _ = threads.snapshots.use(name) }
    threads.next(of: keys, on: loop, completion: completion)
  }
}
