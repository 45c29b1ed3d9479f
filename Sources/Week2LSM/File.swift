public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An open file with one owner, closed when the owner lets go of it.
///
/// Reads and writes say where in the file they go. They are whole or they throw: that a system call
/// may be interrupted, or may move fewer bytes than it was asked to, ends here.
public struct File: ~Copyable, Sendable {
  public let path: String
  private let descriptor: Int32
  private let calls: SystemCalls

  init(_ path: String, flags: Int32, calls: SystemCalls) throws(StorageError) {
    self.path = path
    self.calls = calls
    descriptor = Int32(try attempt("open", path) { calls.open(path, flags) })
  }

  /// Opens a file to look at it: nothing can be written, and whoever else has it open is not
  /// disturbed.
  public init(reading path: String, calls: SystemCalls = .system) throws(StorageError) {
    // To open a pipe would wait for a writer. For a file, the flag means nothing.
    try self.init(path, flags: O_RDONLY | O_NONBLOCK, calls: calls)
  }

  deinit {
    _ = calls.close(descriptor)  // What was written has been synced, or is owed to nobody.
  }

  public func size() throws(StorageError) -> Int {
    try attempt("measure", path) { calls.size(descriptor) }
  }

  /// The `count` bytes at `offset`, or fewer where the file ends before that.
  public func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    if count == 0 { return [] }
    var outcome = Result<Int, StorageError>.success(0)
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
      let memory = UnsafeMutableRawBufferPointer(buffer)
      outcome = transfer("read", count) { done in
        unsafe calls.read(descriptor, .init(rebasing: memory[done...]), offset + done)
      }
      got = (try? outcome.get()) ?? 0
    }
    _ = try outcome.get()
    return bytes
  }

  /// Puts `bytes` at `offset`. They are the system's, and not on the medium, until a `sync`.
  public func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
    let outcome = unsafe bytes.withUnsafeBytes { buffer in
      transfer("write", buffer.count) { done in
        unsafe calls.write(descriptor, .init(rebasing: buffer[done...]), offset + done)
      }
    }
    if try outcome.get() < bytes.count { throw ioError("write", path, EIO) }
  }

  /// Cuts the file, or lengthens it with zeros, to `length` bytes.
  public func truncate(to length: Int) throws(StorageError) {
    _ = try attempt("truncate", path) { calls.truncate(descriptor, length) }
  }

  /// Lengthens the file from `offset` by `length` zeros whose space is taken now, so that writing
  /// there later cannot run out of it.
  public func allocate(at offset: Int, length: Int) throws(StorageError) {
    _ = try attempt("allocate", path) { calls.allocate(descriptor, offset, length) }
  }

  /// Returns when all bytes written so far are on the medium. After a sync that threw, nobody knows
  /// which of them are, and another sync would not tell: the file must not be trusted again.
  public func sync() throws(StorageError) {
    _ = try attempt("sync", path) { calls.syncData(descriptor) }
  }

  /// As `sync`, for what a directory holds: its names.
  func syncNames() throws(StorageError) {
    _ = try attempt("sync", path) { calls.sync(descriptor) }
  }

  /// Takes the file's lock until the file is closed, also when that is by a crash. False if another
  /// open file holds it.
  func lock() throws(StorageError) -> Bool {
    do {
      _ = try attempt("lock", path) { calls.lock(descriptor) }
      return true
    } catch .io(_, _, EWOULDBLOCK, _) {
      return false
    }
  }

  /// Calls `move` until `count` bytes are done or it moves none. Returns how many were.
  private func transfer(
    _ operation: String, _ count: Int, _ move: (_ done: Int) -> Int
  ) -> Result<Int, StorageError> {
    var done = 0
    while done < count {
      do {
        let moved = try attempt(operation, path) { move(done) }
        if moved == 0 { break }
        done += moved
      } catch {
        return .failure(error)
      }
    }
    return .success(done)
  }
}

/// Makes a system call, again for as long as a signal interrupts it, and throws what it refuses.
func attempt(
  _ operation: String, _ path: String, _ call: () -> Int
) throws(StorageError) -> Int {
  while true {
    let returned = call()
    if returned >= 0 { return returned }
    if returned != -Int(EINTR) { throw ioError(operation, path, Int32(-returned)) }
  }
}

extension StorageError {
  /// Whether there is no file of the name.
  public var isOfMissingFile: Bool {
    if case .io(_, _, ENOENT, _) = self { true } else { false }
  }
}

func ioError(_ operation: String, _ path: String, _ code: Int32) -> StorageError {
  let reason = unsafe String(cString: strerror(code))
  return .io(operation: operation, path: path, errno: code, reason: reason)
}
