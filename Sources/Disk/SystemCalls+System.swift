import LinkCount

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension SystemCalls {
  /// The calls of the system this process runs on.
  public static let system = unsafe SystemCalls(
    open: { path, flags in result(Int(cOpen(path, flags | O_CLOEXEC, 0o644))) },
    openAt: { directory, name, flags in
      result(Int(cOpenAt(directory, name, flags | O_CLOEXEC, 0o644)))
    },
    close: { result(Int(cClose($0))) },
    read: { result(unsafe pread($0, $1.baseAddress, $1.count, off_t($2))) },
    write: { result(unsafe pwrite($0, $1.baseAddress, $1.count, off_t($2))) },
    size: { result(Int(lseek($0, 0, SEEK_END))) },
    kind: { descriptor, kind in
      unsafe find(&kind) { unsafe fstat(descriptor, $0) }
    },
    kindAt: { directory, name, kind in
      unsafe find(&kind) { unsafe fstatat(directory, name, $0, AT_SYMLINK_NOFOLLOW) }
    },
    linkCount: { result(link_count($0)) },
    truncate: { result(Int(ftruncate($0, off_t($1)))) },
    allocate: { result(cAllocate($0, $1, $2)) },
    syncData: { result(cSyncData($0)) },
    sync: { result(cSync($0)) },
    lock: { result(Int(flock($0, LOCK_EX | LOCK_NB))) },
    unlock: { result(Int(flock($0, LOCK_UN))) },
    renameAt: { result(Int(cRenameAt($0, $1, $2))) },
    removeAt: { result(Int(unsafe unlinkat($0, $1, 0))) },
    makeDirectory: { result(Int(unsafe mkdir($0, 0o755))) },
    list: { names(in: $0) }
  )

  /// Reads `errno` before another call can change it.
  private static func result(_ returned: Int) -> Int {
    returned < 0 ? -Int(errno) : returned
  }

  private static func find(
    _ kind: inout EntryKind, _ call: (UnsafeMutablePointer<stat>) -> Int32
  ) -> Int {
    var status = stat()
    let code = result(Int(unsafe call(&status)))
    if code < 0 { return code }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      default: .special
      }
    return code
  }

  /// Lists through a descriptor of its own: reading a directory moves the descriptor's position,
  /// and the given one is shared.
  private static func names(in directory: Int32) -> (code: Int, names: [String]) {
    let descriptor = cOpenAt(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    if descriptor < 0 { return (-Int(errno), []) }
    guard let stream = unsafe fdopendir(descriptor) else {
      let code = -Int(errno)
      _ = cClose(descriptor)
      return (code, [])
    }
    defer { unsafe closedir(stream) }  // Closes the descriptor too.
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(stream) {
      // In place. A copy of the entry would have room for the longest name, and read past the buffer.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
      errno = 0
    }
    return (-Int(errno), names.sorted())
  }
}

// The differences between Darwin and Linux.
#if canImport(Darwin)
  /// Only `F_FULLFSYNC` flushes the drive's own cache. A volume that lacks it, such as a network
  /// share, has nothing stronger than `fsync`.
  private func cSync(_ descriptor: Int32) -> Int {
    if fcntl(descriptor, F_FULLFSYNC) >= 0 { return 0 }
    guard [ENOTSUP, EINVAL, ENOTTY].contains(errno) else { return -1 }
    return Int(fsync(descriptor))
  }
  private func cSyncData(_ descriptor: Int32) -> Int { cSync(descriptor) }

  /// Reserves the space in one piece, or in several if it must, and then sets the length.
  private func cAllocate(_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int {
    var request = fstore_t(
      fst_flags: UInt32(F_ALLOCATECONTIG | F_ALLOCATEALL), fst_posmode: F_PEOFPOSMODE,
      fst_offset: 0, fst_length: off_t(length), fst_bytesalloc: 0)
    if unsafe fcntl(descriptor, F_PREALLOCATE, &request) < 0 {
      request.fst_flags = UInt32(F_ALLOCATEALL)
      if unsafe fcntl(descriptor, F_PREALLOCATE, &request) < 0 { return -1 }
    }
    return Int(ftruncate(descriptor, off_t(offset + length)))
  }

  private func cOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe Darwin.open(path, flags, mode)
  }
  private func cOpenAt(
    _ directory: Int32, _ name: String, _ flags: Int32, _ mode: mode_t
  ) -> Int32 {
    unsafe Darwin.openat(directory, name, flags, mode)
  }
  private func cClose(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
  private func cRenameAt(_ directory: Int32, _ from: String, _ to: String) -> Int32 {
    unsafe Darwin.renameat(directory, from, directory, to)
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
  private func cOpenAt(
    _ directory: Int32, _ name: String, _ flags: Int32, _ mode: mode_t
  ) -> Int32 {
    unsafe Glibc.openat(directory, name, flags, mode)
  }
  private func cClose(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
  private func cRenameAt(_ directory: Int32, _ from: String, _ to: String) -> Int32 {
    unsafe Glibc.renameat(directory, from, directory, to)
  }
#endif
