#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Every system call that an engine makes: the edge between us and the disk.
///
/// Each returns what the call returns, or the negated `errno`. A test that wants a disk which fails,
/// or one which forgets what was not synced, puts functions of its own here.
@safe
public struct SystemCalls: Sendable {
  /// Returns a descriptor.
  public var open: @Sendable (_ path: String, _ flags: Int32) -> Int
  public var close: @Sendable (_ descriptor: Int32) -> Int
  public var read: @Sendable (Int32, UnsafeMutableRawBufferPointer, _ offset: Int) -> Int
  public var write: @Sendable (Int32, UnsafeRawBufferPointer, _ offset: Int) -> Int
  public var size: @Sendable (_ descriptor: Int32) -> Int
  public var truncate: @Sendable (_ descriptor: Int32, _ length: Int) -> Int
  /// Lengthens a file with zeros, and takes the space for them from the disk now.
  public var allocate: @Sendable (_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int
  /// Returns when the bytes of the file are on the medium, and the length that is needed to read
  /// them. What else is known of the file, such as its times, may follow later.
  public var syncData: @Sendable (_ descriptor: Int32) -> Int
  /// Returns when the file, or the names in the directory, are on the medium.
  public var sync: @Sendable (_ descriptor: Int32) -> Int
  /// Takes the lock of an open file, or returns `-EWOULDBLOCK` if another holds it.
  public var lock: @Sendable (_ descriptor: Int32) -> Int
  public var rename: @Sendable (_ from: String, _ to: String) -> Int
  public var remove: @Sendable (_ path: String) -> Int
  public var makeDirectory: @Sendable (_ path: String) -> Int
  public var list: @Sendable (_ path: String) -> (code: Int, names: [String])
}

extension SystemCalls {
  /// The calls of the system we run on.
  public static let system = unsafe SystemCalls(
    open: { path, flags in result(Int(cOpen(path, flags | O_CLOEXEC, 0o644))) },
    close: { descriptor in
      // A process that is about to be started may have a copy of the descriptor for a moment: without
      // this, a lock would last until that is gone too.
      _ = flock(descriptor, LOCK_UN)
      return result(Int(cClose(descriptor)))
    },
    read: { result(unsafe pread($0, $1.baseAddress, $1.count, off_t($2))) },
    write: { result(unsafe pwrite($0, $1.baseAddress, $1.count, off_t($2))) },
    size: { result(Int(lseek($0, 0, SEEK_END))) },
    truncate: { result(Int(ftruncate($0, off_t($1)))) },
    allocate: { result(cAllocate($0, $1, $2)) },
    syncData: { result(cSyncData($0)) },
    sync: { result(cSync($0)) },
    lock: { result(Int(flock($0, LOCK_EX | LOCK_NB))) },
    rename: { result(Int(cRename($0, $1))) },
    remove: { result(Int(unsafe unlink($0))) },
    makeDirectory: { result(Int(unsafe mkdir($0, 0o755))) },
    list: { names(in: $0) }
  )

  /// `errno` is read before anything else can change it.
  private static func result(_ returned: Int) -> Int {
    returned < 0 ? -Int(errno) : returned
  }

  private static func names(in path: String) -> (code: Int, names: [String]) {
    guard let stream = unsafe opendir(path) else { return (-Int(errno), []) }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    return (-Int(errno), names.sorted())
  }
}

// Where the systems differ. On Darwin only `F_FULLFSYNC` empties the cache of the drive itself.
#if canImport(Darwin)
  private func cSync(_ descriptor: Int32) -> Int { Int(fcntl(descriptor, F_FULLFSYNC)) }
  private func cSyncData(_ descriptor: Int32) -> Int { Int(fcntl(descriptor, F_FULLFSYNC)) }
  private func cAllocate(_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int {
    Int(ftruncate(descriptor, off_t(offset + length)))
  }
  private func cOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe Darwin.open(path, flags, mode)
  }
  private func cClose(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
  private func cRename(_ from: String, _ to: String) -> Int32 {
    unsafe Darwin.rename(from, to)
  }
#else
  private func cSync(_ descriptor: Int32) -> Int { Int(fsync(descriptor)) }
  private func cSyncData(_ descriptor: Int32) -> Int { Int(fdatasync(descriptor)) }
  private func cAllocate(_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int {
    let code = posix_fallocate(descriptor, off_t(offset), off_t(length))  // Does not set `errno`.
    errno = code
    return code == 0 ? 0 : -1
  }
  private func cOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe Glibc.open(path, flags, mode)
  }
  private func cClose(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
  private func cRename(_ from: String, _ to: String) -> Int32 {
    unsafe Glibc.rename(from, to)
  }
#endif
