public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An open regular file with one owner, closed when its owner is destroyed.
///
/// Every read and write takes an offset, and transfers all its bytes or throws. System calls that
/// are interrupted or transfer fewer bytes than asked are handled here.
public struct File: ~Copyable, Sendable {
  /// For error messages. The file may have been renamed since.
  public let path: String
  private let descriptor: Int32
  private let calls: SystemCalls
  /// The directory the file was opened in, kept open as long as the file is; nil if it was opened
  /// by path.
  private let directory: OpenDirectory?

  /// Opens or creates a name in an open directory.
  init(
    _ name: String, in directory: OpenDirectory, flags: Int32
  ) throws(StorageError) {
    calls = directory.calls
    path = directory.path(of: name)
    self.directory = directory
    descriptor = try Self.open(path, calls) {
      directory.calls.openAt(directory.descriptor, name, flags | Self.regularFilesOnly)
    }
  }

  /// Opens a file for reading only, without disturbing anyone who has it open. Throws for a
  /// symbolic link and for anything else that is not a regular file; never waits for the other end
  /// of a pipe.
  public init(reading path: String, calls: SystemCalls = .system) throws(StorageError) {
    self.path = path
    self.calls = calls
    directory = nil
    descriptor = try Self.open(path, calls) {
      calls.open(path, O_RDONLY | Self.regularFilesOnly)
    }
  }

  deinit {
    _ = calls.close(descriptor)  // Whatever had to survive has been synced.
  }

  public func size() throws(StorageError) -> Int {
    try attempt("measure", path) { calls.size(descriptor) }
  }

  /// Returns the `count` bytes at `offset`, or fewer if the file ends first.
  public func read(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(at: offset, count: count, into: &bytes)
    return bytes
  }

  /// As above, into the memory of `bytes` if it suffices. What was in there is lost.
  public func read(
    at offset: Int, count: Int, into bytes: inout [UInt8]
  ) throws(StorageError) {
    bytes.removeAll(keepingCapacity: true)
    var outcome = Result<Int, StorageError>.success(0)
    bytes.append(addingCapacity: count) { output in
      unsafe output.withUnsafeMutableBufferPointer { buffer, got in
        let memory = UnsafeMutableRawBufferPointer(buffer)
        outcome = transfer("read", count) { done in
          unsafe calls.read(descriptor, .init(rebasing: memory[done...]), offset + done)
        }
        got = (try? outcome.get()) ?? 0
      }
    }
    _ = try outcome.get()
  }

  /// Writes `bytes` at `offset`, to the system's cache. They are on disk after a `sync`.
  public func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
    let outcome = unsafe bytes.withUnsafeBytes { buffer in
      transfer("write", buffer.count) { done in
        unsafe calls.write(descriptor, .init(rebasing: buffer[done...]), offset + done)
      }
    }
    if try outcome.get() < bytes.count { throw ioError("write", path, EIO) }
  }

  /// Cuts the file to `length` bytes, or extends it with zeros.
  public func truncate(to length: Int) throws(StorageError) {
    _ = try attempt("truncate", path) { calls.truncate(descriptor, length) }
  }

  /// Extends the file at `offset` by `length` zeros and reserves their space on disk, so that a
  /// later write there cannot run out of space. On failure, the file gets its old length back and
  /// the space reserved so far is freed.
  public func allocate(at offset: Int, length: Int) throws(StorageError) {
    let oldLength = try size()
    do {
      _ = try attempt("allocate", path) { calls.allocate(descriptor, offset, length) }
    } catch {
      // Even if the length has not changed: setting it again frees the space reserved past the end.
      try? truncate(to: oldLength)
      throw error
    }
  }

  /// Returns when all bytes written so far are on disk. If it throws, some of them may be lost, and
  /// the next sync would not report it: do not trust the file until it is reopened.
  public func sync() throws(StorageError) {
    _ = try attempt("sync", path) { calls.syncData(descriptor) }
  }

  /// Throws if the file no longer has a name: what is written to it is lost when it is closed.
  /// Makes one system call, and does not touch the disk.
  public func checkName() throws(StorageError) {
    if try attempt("look at", path, { calls.linkCount(descriptor) }) > 0 { return }
    let reason = "it was removed or replaced while it was in use"
    throw .io(operation: "go on with", path: path, errno: ENOENT, reason: reason)
  }

  /// Calls `move` until `count` bytes are moved or a call moves none. Returns the number moved.
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
