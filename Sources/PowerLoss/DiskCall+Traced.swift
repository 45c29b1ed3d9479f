extension DiskCall {
  /// The calls that are recorded. Those that a processor does not have are left out.
  package static let names = [
    "open", "openat", "openat2", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2",
    "ftruncate", "truncate", "fallocate", "rename", "renameat", "renameat2", "unlink", "unlinkat",
    "rmdir", "link", "linkat", "symlink", "symlinkat", "mkdir", "mkdirat", "fsync", "fdatasync",
    "sync", "syncfs", "sync_file_range", "mmap", "msync", "copy_file_range", "sendfile", "splice",
    "ioctl", "lseek", "read", "readv", "dup", "dup2", "dup3", "fcntl", "close", "close_range",
    "chdir", "fchdir", "clone", "clone3", "fork", "vfork", "sendto", "sendmsg", "sendmmsg",
    "io_uring_setup", "io_submit",
  ]

  /// nil where the call changes nothing that matters here.
  package init?(_ call: TracedCall) {
    guard
      let known = Self.writing(call) ?? Self.copying(call) ?? Self.naming(call)
        ?? Self.syncing(call) ?? Self.describing(call)
    else { return nil }
    self = known
  }

  private static func writing(_ call: TracedCall) -> DiskCall? {
    guard let file = call[0]?.number else { return nil }
    switch call.name {
    case "write", "writev":
      if let socket = call.socket { return .send(socket: socket) }
      return call[1]?.written.map { .write(file, $0, at: nil) }
    case "sendto", "sendmsg", "sendmmsg":
      return call.socket.map { .send(socket: $0) }
    case "pwrite64":
      return call[1]?.written.map { .write(file, $0, at: call[3]?.number) }
    case "pwritev", "pwritev2":
      let offset = call[3]?.number.flatMap { $0 < 0 ? nil : $0 }
      return call[1]?.written.map { .write(file, $0, at: offset, OpenFlags(call[4])) }
    case "ftruncate":
      return call[1]?.number.map { .truncate(.descriptor(file), length: $0) }
    case "fallocate": return allocation(call, file)
    default: return nil
    }
  }

  /// Bytes that the system copies from one descriptor to another.
  private static func copying(_ call: TracedCall) -> DiskCall? {
    guard let file = call[0]?.number else { return nil }
    switch call.name {
    case "copy_file_range":
      guard let to = call[2]?.number else { return nil }
      return .copy(file, at: call[1]?.number, to: to, offset: call[3]?.number)
    case "sendfile":
      if let socket = call.socket { return .send(socket: socket) }
      return call[1]?.number.map { .copy($0, at: call[2]?.number, to: file, offset: nil) }
    case "splice":
      if let pipe = call.pipe(2) { return .fill(pipe, from: file, at: call[1]?.number) }
      guard let pipe = call.pipe(0), let to = call[2]?.number else { return nil }
      return call.socket(2).map { .send(socket: $0) } ?? .drain(pipe, to: to, at: call[3]?.number)
    case "ioctl":
      guard case .word(let request)? = call[1], request.contains("FICLONE") else { return nil }
      if request.contains("FICLONERANGE") { return .unseen("ioctl FICLONERANGE") }
      return call[2]?.number.map { .clone($0, to: file) }
    default: return nil
    }
  }

  private static func allocation(_ call: TracedCall, _ file: Int) -> DiskCall? {
    guard let offset = call[2]?.number, let length = call[3]?.number else { return nil }
    let mode = call[1]?.flags ?? []
    if mode.contains("FALLOC_FL_COLLAPSE_RANGE") || mode.contains("FALLOC_FL_INSERT_RANGE") {
      return .unseen("fallocate that moves a part of a file")
    }
    let zeroes = mode.contains { $0.hasSuffix("_PUNCH_HOLE") || $0.hasSuffix("_ZERO_RANGE") }
    let allocation: Allocation =
      zeroes ? .zeroes : mode.contains("FALLOC_FL_KEEP_SIZE") ? .keepsSize : .grows
    return .allocate(file, allocation, offset: offset, length: length)
  }

  private static func naming(_ call: TracedCall) -> DiskCall? {
    switch call.name {
    case "open": return call.place(0).map { .open($0, OpenFlags(call[1])) }
    case "creat": return call.place(0).map { .open($0, [.creates, .cuts]) }
    case "openat": return call.place(0, 1).map { .open($0, OpenFlags(call[2])) }
    case "openat2":
      guard case .structure(let how)? = call[2] else { return nil }
      return call.place(0, 1).map { .open($0, OpenFlags(how["flags"])) }
    case "truncate":
      guard let place = call.place(0), let length = call[1]?.number else { return nil }
      return .truncate(.place(place), length: length)
    case "rename", "link":
      guard let old = call.place(0), let new = call.place(1) else { return nil }
      return call.name == "link" ? .link(old, to: new) : .rename(old, to: new, exchanges: false)
    case "renameat", "renameat2", "linkat":
      guard let old = call.place(0, 1), let new = call.place(2, 3) else { return nil }
      if call.name == "linkat" { return .link(old, to: new) }
      let exchanges = call[4]?.flags.contains("RENAME_EXCHANGE") == true
      return .rename(old, to: new, exchanges: exchanges)
    case "unlink", "rmdir": return call.place(0).map { .remove($0) }
    case "unlinkat": return call.place(0, 1).map { .remove($0) }
    case "mkdir": return call.place(0).map { .makeDirectory($0) }
    case "mkdirat": return call.place(0, 1).map { .makeDirectory($0) }
    case "chdir", "fchdir": return call[0]?.path.map { .changeDirectory($0) }
    default: return nil
    }
  }

  private static func syncing(_ call: TracedCall) -> DiskCall? {
    switch call.name {
    case "fsync", "fdatasync": call[0]?.number.map { .sync($0) }
    case "sync", "syncfs": .syncAll
    case "sync_file_range": call[0]?.number.map { .startWriting($0) }
    case "msync": .syncMemory
    default: nil
    }
  }

  private static func describing(_ call: TracedCall) -> DiskCall? {
    let first = call[0]?.number
    switch call.name {
    case "read", "readv": return first.map { .read($0) }
    case "lseek": return first.map { .seek($0) }
    case "dup", "dup2", "dup3": return first.map { .duplicate($0) }
    case "fcntl":
      let duplicates = call[1]?.flags.contains { $0.hasPrefix("F_DUPFD") } == true
      return duplicates ? first.map { .duplicate($0) } : nil
    case "close": return first.map { .close($0...$0) }
    case "close_range":
      guard let first, let last = call[1]?.number, first <= last,
        call[2]?.flags.contains("CLOSE_RANGE_CLOEXEC") != true
      else { return nil }
      return .close(first...last)
    case "clone", "clone3": return .startThread(sharesDescriptors: call.sharesDescriptors)
    case "fork", "vfork": return .startThread(sharesDescriptors: false)
    case "mmap":
      let writes = call[2]?.flags.contains("PROT_WRITE") == true
      let isShared = call[3]?.flags.contains { $0.hasPrefix("MAP_SHARED") } == true
      return writes && isShared ? call[4]?.number.map { .map($0) } : nil
    case "symlink", "symlinkat": return .unseen("a symbolic link")
    case "io_submit", "io_uring_setup": return .unseen(call.name)
    default: return nil
    }
  }
}

extension TracedCall {
  /// The socket that the first argument is.
  fileprivate var socket: String? { socket(0) }

  fileprivate func socket(_ index: Int) -> String? { object(index, "socket:[") }

  fileprivate func pipe(_ index: Int) -> String? { object(index, "pipe:[") }

  private func object(_ index: Int, _ kind: String) -> String? {
    guard case .descriptor(_, let path)? = self[index], path.hasPrefix(kind) else { return nil }
    return path
  }

  fileprivate func place(_ name: Int) -> Place? {
    self[name]?.path.map { Place($0) }
  }

  fileprivate func place(_ directory: Int, _ name: Int) -> Place? {
    self[name]?.path.map { Place($0, in: self[directory]?.path) }
  }

  fileprivate var sharesDescriptors: Bool {
    arguments.contains { value in
      if case .structure(let fields) = value { return Self.hasFiles(fields["flags"]) }
      return Self.hasFiles(value)
    }
  }

  /// `clone` names its flags: `flags=CLONE_VM|CLONE_FILES`.
  private static func hasFiles(_ value: TraceValue?) -> Bool {
    value?.flags.contains { $0 == "CLONE_FILES" || $0 == "flags=CLONE_FILES" } == true
  }
}
