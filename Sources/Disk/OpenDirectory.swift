import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The descriptor of an open directory, shared by the `Directory` and the files opened in it. It is
/// closed with the last of them.
final class OpenDirectory: Sendable {
  let path: String
  let descriptor: Int32
  let calls: SystemCalls

  init(_ path: String, calls: SystemCalls) throws(StorageError) {
    self.path = path
    self.calls = calls
    descriptor = Int32(
      try attempt("open", path) { calls.open(path, O_RDONLY | O_DIRECTORY) })
  }

  deinit {
    _ = calls.close(descriptor)
  }

  func path(of name: String) -> String { "\(path)/\(name)" }

  func names() throws(StorageError) -> [String] {
    var names: [String] = []
    _ = try attempt("list", path) {
      let listing = calls.list(descriptor)
      names = listing.names
      return listing.code
    }
    return names
  }

  /// What `name` refers to now. Does not follow a symbolic link.
  func kind(of name: String) throws(StorageError) -> EntryKind {
    var kind = EntryKind.regular
    _ = try attempt("look up", path(of: name)) {
      calls.kindAt(descriptor, name, &kind)
    }
    return kind
  }

  /// Returns when every name created, renamed or removed so far is on disk.
  func sync() throws(StorageError) {
    _ = try attempt("sync", path) { calls.sync(descriptor) }
  }

  /// Locks the directory until `unlock`, or until no process has the descriptor open. Returns false
  /// if another open descriptor holds the lock.
  func lock() throws(StorageError) -> Bool {
    do {
      _ = try attempt("lock", path) { calls.lock(descriptor) }
      return true
    } catch .io(_, _, EWOULDBLOCK, _) {
      return false
    }
  }

  func unlock() {
    _ = try? attempt("unlock", path) { calls.unlock(descriptor) }
  }
}
