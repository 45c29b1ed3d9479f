import Disk

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension SystemCalls {
  /// These calls without those that change anything. So the engine's own parts can read a directory that
  /// another process has open: nothing is locked, and what would change something fails.
  var readingOnly: SystemCalls {
    var calls = self
    let (open, openAt) = (self.open, self.openAt)
    calls.open = { path, flags in Self.opening(flags) { open(path, $0) } }
    calls.openAt = { directory, name, flags in Self.opening(flags) { openAt(directory, name, $0) } }
    unsafe calls.write = { _, _, _ in -Int(EROFS) }
    calls.truncate = { _, _ in -Int(EROFS) }
    calls.allocate = { _, _, _ in -Int(EROFS) }
    calls.renameAt = { _, _, _ in -Int(EROFS) }
    calls.removeAt = { _, _ in -Int(EROFS) }
    calls.makeDirectory = { _ in -Int(EEXIST) }  // It has been read, so it is there.
    (calls.sync, calls.syncData) = ({ _ in 0 }, { _ in 0 })
    (calls.lock, calls.unlock) = ({ _ in 0 }, { _ in 0 })
    return calls
  }

  private static func opening(_ flags: Int32, _ open: (Int32) -> Int) -> Int {
    flags & O_CREAT != 0 ? -Int(EROFS) : open(flags & ~(O_RDWR | O_WRONLY | O_TRUNC))
  }
}
