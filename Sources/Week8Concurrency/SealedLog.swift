import Disk
import Synchronization
import Week1Memory

/// A log that takes no more records. Its memtable will be flushed soon, so it is not synced before someone asks
/// for a sync.
final class SealedLog: Sendable {
  private final class OpenFile: Sendable {
    let file: File

    init(_ file: consuming File) {
      self.file = file
    }
  }

  let number: Int
  /// Nil once the writes are on disk.
  private let unsynced: Mutex<OpenFile?>

  /// The log in `file`, whose last records may be in the system's cache only.
  init(_ number: Int, unsynced file: consuming File) {
    self.number = number
    unsynced = Mutex(OpenFile(file))
  }

  /// A log that is on disk.
  init(synced number: Int) {
    self.number = number
    unsynced = Mutex(nil)
  }

  var isDurable: Bool { unsynced.withLock { $0 == nil } }

  /// Returns when all writes of the log are on disk.
  func sync() throws(StorageError) {
    guard let open = unsynced.withLock({ $0 }) else { return }
    try open.file.sync()  // Not under the lock, or the end of a flush would wait for it.
    close()
  }

  /// Forgets the file, now that the writes are on disk or in a table.
  func close() {
    unsynced.withLock { $0 = nil }
  }
}
