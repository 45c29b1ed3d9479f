public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The files of a store are regular files. A symbolic link is refused, as a pipe or a directory is:
// the name of its target is in a directory that we neither lock nor sync.
extension File {
  /// These flags change nothing for a regular file. A pipe opens without waiting for its other end.
  static let regularFilesOnly = O_NONBLOCK | O_NOFOLLOW

  static func open(
    _ path: String, _ calls: SystemCalls, _ call: () -> Int
  ) throws(StorageError) -> Int32 {
    let descriptor: Int32
    do {
      descriptor = Int32(try attempt("open", path, call))
    } catch .io(let operation, _, let code, let reason) {
      throw .io(
        operation: operation, path: path, errno: code, reason: refusal[code] ?? reason)
    }
    do throws(StorageError) {
      var kind = EntryKind.regular
      _ = try attempt("look at", path) { calls.kind(descriptor, &kind) }
      if kind == .regular { return descriptor }
      let code = kind == .directory ? EISDIR : ENXIO
      throw .io(
        operation: "open", path: path, errno: code, reason: refusal[code] ?? "it is not a file")
    } catch {
      _ = calls.close(descriptor)
      throw error
    }
  }

  /// What it means when the system refuses to open a name with one of these codes.
  private static let refusal: [Int32: String] = [
    EISDIR: "it is a directory, not a regular file",
    ELOOP: "it is a symbolic link, not a regular file",
    ENXIO: "it is a pipe, a socket or a device, not a regular file",
  ]
}

/// Makes a system call, repeats it while signals interrupt it, and throws the error it returns.
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
  /// Whether the disk is full, or the user's quota is used up.
  public var isOfFullDisk: Bool {
    if case .io(_, _, let code, _) = self { code == ENOSPC || code == EDQUOT } else { false }
  }

  /// Whether there is no file with that name.
  public var isOfMissingFile: Bool {
    if case .io(_, _, ENOENT, _) = self { true } else { false }
  }
}

func ioError(_ operation: String, _ path: String, _ code: Int32) -> StorageError {
  let reason = unsafe String(cString: strerror(code))
  return .io(operation: operation, path: path, errno: code, reason: reason)
}
