public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The open directory of a store, locked by one process at a time.
///
/// Every name is resolved in the directory that was opened, even if its path is renamed or replaced
/// meanwhile. A name that was created, renamed or removed is on disk only after a `sync` of the
/// directory: syncing a file does not sync its name.
public final class Directory: Sendable {
  /// The path by which the directory was opened.
  public let path: String
  private let handle: OpenDirectory

  /// Opens the directory at `path`, creating it and its parents if they are missing. Throws
  /// `locked` while another owner has it open. The lock ends with its process, so a crash leaves
  /// none behind.
  public init(_ path: String, calls: SystemCalls = .system) throws(StorageError) {
    // LOCK is written after the directory is created and its name is synced: if it is there, both
    // are done.
    let names = try? Self.names(in: path, calls: calls)
    if names?.contains(Self.lockName) != true { try Self.make(path, calls) }
    let handle = try OpenDirectory(path, calls: calls)
    guard try handle.lock() else {
      throw .locked(directory: path, holder: Self.holder(of: handle))
    }
    Self.noteHolder(of: handle)
    self.path = path
    self.handle = handle
  }

  /// Unlocks. Closing the descriptor is not enough: an open file keeps it open, and a process that
  /// is being started may hold a copy of it for a moment.
  deinit {
    handle.unlock()
  }

  /// Lets another owner open the directory. The caller must not change anything in it afterwards.
  public func unlock() {
    handle.unlock()
  }

  /// Returns the names in the directory, sorted. O(n log n) for n names.
  public func names() throws(StorageError) -> [String] {
    try handle.names()
  }

  /// Returns the names in the directory now at `path`, sorted, whoever has it open.
  public static func names(
    in path: String, calls: SystemCalls = .system
  ) throws(StorageError) -> [String] {
    try OpenDirectory(path, calls: calls).names()
  }

  /// Whether `name`, in the directory now at `path`, is itself a directory, which `remove` refuses.
  public static func isDirectory(
    _ name: String, in path: String, calls: SystemCalls = .system
  ) throws(StorageError) -> Bool {
    try OpenDirectory(path, calls: calls).kind(of: name) == .directory
  }

  /// Opens a regular file for reading and writing. Throws for anything else, and never blocks.
  public func open(_ name: String) throws(StorageError) -> File {
    try File(name, in: handle, flags: O_RDWR)
  }

  /// Creates an empty file. Throws if the name is taken: a file is never overwritten.
  public func create(_ name: String) throws(StorageError) -> File {
    try File(name, in: handle, flags: O_RDWR | O_CREAT | O_EXCL)
  }

  /// Removes a name. A file that is open under it stays usable. Throws if the name is a directory.
  public func remove(_ name: String) throws(StorageError) {
    do {
      _ = try attempt("remove", handle.path(of: name)) {
        handle.calls.removeAt(handle.descriptor, name)
      }
    } catch {
      // Linux and Darwin refuse a directory with different codes.
      guard (try? handle.kind(of: name)) == .directory else { throw error }
      throw .io(
        operation: "remove", path: handle.path(of: name), errno: EISDIR,
        reason: "it is a directory under a name that the store gives to a file; move it away")
    }
  }

  /// Returns when every name created, renamed or removed so far is on disk.
  public func sync() throws(StorageError) {
    try handle.sync()
  }

  /// The name under which `replace` writes the new file. A crash may leave it behind.
  public static func temporaryName(for name: String) -> String { "\(name).tmp" }

  /// Replaces the content of the file `name` with `bytes`, atomically and durably: after a crash or
  /// a power failure, the file has all of its old content or all of the new.
  public func replace(_ name: String, with bytes: [UInt8]) throws(StorageError) {
    try replace(name) { (file) throws(StorageError) in try file.write(bytes, at: 0) }
  }

  /// As above, with the content that `write` writes to the new file.
  public func replace(
    _ name: String, writing write: (borrowing File) throws(StorageError) -> Void
  ) throws(StorageError) {
    let temporary = Self.temporaryName(for: name)
    do {
      let file = try File(temporary, in: handle, flags: O_RDWR | O_CREAT | O_TRUNC)
      try write(file)
      // Its bytes before its name, or a crash could leave the name on an empty file.
      try file.sync()
    } catch {
      try? remove(temporary)
      throw error
    }
    _ = try attempt("rename", handle.path(of: temporary)) {
      handle.calls.renameAt(handle.descriptor, temporary, name)
    }
    try sync()  // Durable from here on.
  }
}

// The LOCK file holds the process ID of the owner, for the error message of the next process. It is
// not the lock itself, so a start continues if it cannot be written, for instance on a full disk.
extension Directory {
  private static let lockName = "LOCK"
  private static let mostDigits = 20

  private static func noteHolder(of handle: OpenDirectory) {
    guard let file = try? File(lockName, in: handle, flags: O_RDWR | O_CREAT) else { return }
    try? file.truncate(to: 0)
    try? file.write(Array("\(getpid())\n".utf8), at: 0)
  }

  private static func holder(of handle: OpenDirectory) -> String {
    let file = try? File(lockName, in: handle, flags: O_RDONLY)
    let bytes = try? file?.read(at: 0, count: mostDigits)
    let number = String(decoding: bytes ?? [], as: UTF8.self).prefix { $0.isNumber }
    return number.isEmpty ? "another process" : "process \(number)"
  }
}

extension Directory {
  /// Creates the directory and its missing parents, and syncs each name into its parent. Existing
  /// names are synced too: a start that was killed may have left them unsynced.
  private static func make(_ path: String, _ calls: SystemCalls) throws(StorageError) {
    let above = parent(of: path)
    if above == path { return }
    try make(above, calls)
    do {
      _ = try attempt("make", path) { calls.makeDirectory(path) }
    } catch .io(_, _, EEXIST, _) {}
    do {
      try OpenDirectory(above, calls: calls).sync()
    } catch .io(_, _, EACCES, _) {}  // Not one that we created: we may not be allowed to read it.
  }

  private static func parent(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    let parent = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + parent }
    return parent.isEmpty ? "." : parent
  }
}
