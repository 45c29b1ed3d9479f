public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The directory of a store, held by one process at a time.
///
/// A name that was made, changed or removed in it is on the medium only after a `sync` of the
/// directory: the file's own sync does not reach its name.
public struct Directory: ~Copyable, Sendable {
  public let path: String
  private let handle: File
  private let lockFile: File
  private let calls: SystemCalls

  /// Opens `path`, and makes it if it is not there. Throws `locked` while another owner has it open;
  /// a lock goes with its process, so a crash leaves none behind.
  public init(_ path: String, calls: SystemCalls = .system) throws(StorageError) {
    // Where there is a LOCK, a start before this one has made the directory, and has synced it.
    if !calls.list(path).names.contains("LOCK") { try Self.make(path, calls) }
    let handle = try File(path, flags: O_RDONLY | O_DIRECTORY, calls: calls)
    let lockFile = try File("\(path)/LOCK", flags: O_RDWR | O_CREAT, calls: calls)
    guard try lockFile.lock() else {
      throw .locked(directory: path, holder: Self.holder(named: lockFile))
    }
    // For the message above, in another process. Nothing is decided by it, so a full disk is no
    // reason not to start and to answer reads.
    try? lockFile.truncate(to: 0)
    try? lockFile.write(Array("\(getpid())\n".utf8), at: 0)
    self.path = path
    self.handle = handle
    self.lockFile = lockFile
    self.calls = calls
  }

  public func names() throws(StorageError) -> [String] {
    try Self.names(in: path, calls: calls)
  }

  /// The names in a directory, whoever holds it.
  public static func names(
    in path: String, calls: SystemCalls = .system
  ) throws(StorageError) -> [String] {
    var names: [String] = []
    _ = try attempt("list", path) {
      let listing = calls.list(path)
      names = listing.names
      return listing.code
    }
    return names
  }

  public func open(_ name: String) throws(StorageError) -> File {
    try File("\(path)/\(name)", flags: O_RDWR, calls: calls)
  }

  /// Makes an empty file. Throws if the name is taken: what has a name is never overwritten.
  public func create(_ name: String) throws(StorageError) -> File {
    try File("\(path)/\(name)", flags: O_RDWR | O_CREAT | O_EXCL, calls: calls)
  }

  public func remove(_ name: String) throws(StorageError) {
    _ = try attempt("remove", "\(path)/\(name)") { calls.remove("\(path)/\(name)") }
  }

  /// Returns when every name made, changed or removed so far is on the medium.
  public func sync() throws(StorageError) {
    try handle.syncNames()
  }

  /// Replaces the file `name` by one with the content `bytes`, atomically: whenever the process or the
  /// power fails, the file has all of its old content or all of the new.
  public func replace(_ name: String, with bytes: [UInt8]) throws(StorageError) {
    try replace(name) { (file) throws(StorageError) in try file.write(bytes, at: 0) }
  }

  /// As above, with the content that `write` writes to a new file.
  public func replace(
    _ name: String, writing write: (borrowing File) throws(StorageError) -> Void
  ) throws(StorageError) {
    let (temporary, final) = ("\(path)/\(name).tmp", "\(path)/\(name)")
    do {
      let file = try File(temporary, flags: O_RDWR | O_CREAT | O_TRUNC, calls: calls)
      try write(file)
      // Its bytes before its name, or a crash could leave the name on an empty file.
      try file.sync()
    } catch {
      try? remove("\(name).tmp")
      throw error
    }
    _ = try attempt("rename", temporary) { calls.rename(temporary, final) }
    try sync()
  }

  private static func holder(named lockFile: borrowing File) -> String {
    let text = String(decoding: (try? lockFile.read(at: 0, count: 20)) ?? [], as: UTF8.self)
    let number = text.prefix { $0.isNumber }
    return number.isEmpty ? "another process" : "process \(number)"
  }

  /// Makes the directory and those above it that are missing, and syncs each into the one above:
  /// also those that are there, for a start that was killed here may have left them unsynced.
  private static func make(_ path: String, _ calls: SystemCalls) throws(StorageError) {
    let above = parent(of: path)
    if above == path { return }
    try make(above, calls)
    do {
      _ = try attempt("make", path) { calls.makeDirectory(path) }
    } catch .io(_, _, EEXIST, _) {}
    do {
      try File(above, flags: O_RDONLY | O_DIRECTORY, calls: calls).syncNames()
    } catch .io(_, _, EACCES, _) {}  // What we may not even read, we have not made.
  }

  private static func parent(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    let parent = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + parent }
    return parent.isEmpty ? "." : parent
  }
}
