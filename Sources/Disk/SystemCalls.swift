#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Every system call that an engine makes: the boundary between the engine and the disk.
///
/// Each call returns the system's result, or the negated `errno`. Tests replace some of them to
/// simulate a disk that fails, or one that loses unsynced data.
///
/// An engine resolves one path, that of its directory. Every other name is resolved in the open
/// directory, so that it keeps its meaning if someone renames or replaces that path.
@safe
public struct SystemCalls: Sendable {
  /// Opens a path and returns a descriptor.
  public var open: @Sendable (_ path: String, _ flags: Int32) -> Int
  /// Opens a name in an open directory and returns a descriptor.
  public var openAt: @Sendable (_ directory: Int32, _ name: String, _ flags: Int32) -> Int
  public var close: @Sendable (_ descriptor: Int32) -> Int
  public var read: @Sendable (Int32, UnsafeMutableRawBufferPointer, _ offset: Int) -> Int
  public var write: @Sendable (Int32, UnsafeRawBufferPointer, _ offset: Int) -> Int
  public var size: @Sendable (_ descriptor: Int32) -> Int
  /// Reports what a descriptor refers to.
  public var kind: @Sendable (_ descriptor: Int32, inout EntryKind) -> Int
  /// Reports what a name in an open directory refers to. Does not follow a symbolic link.
  public var kindAt: @Sendable (_ directory: Int32, _ name: String, inout EntryKind) -> Int
  /// Returns the number of names that the file has.
  public var linkCount: @Sendable (_ descriptor: Int32) -> Int
  public var truncate: @Sendable (_ descriptor: Int32, _ length: Int) -> Int
  /// Extends a file with zeros and reserves their space on disk. On failure, the file may be
  /// longer, and some of the space reserved.
  public var allocate: @Sendable (_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int
  /// Returns when the bytes of the file are on disk, with the length needed to read them. Other
  /// metadata, such as timestamps, may follow later.
  public var syncData: @Sendable (_ descriptor: Int32) -> Int
  /// Returns when the file, or the names in the directory, are on disk.
  public var sync: @Sendable (_ descriptor: Int32) -> Int
  /// Locks an open file, or returns `-EWOULDBLOCK` if another open file holds the lock.
  public var lock: @Sendable (_ descriptor: Int32) -> Int
  public var unlock: @Sendable (_ descriptor: Int32) -> Int
  /// Renames within one open directory, replacing whatever has the new name.
  public var renameAt: @Sendable (_ directory: Int32, _ from: String, _ to: String) -> Int
  public var removeAt: @Sendable (_ directory: Int32, _ name: String) -> Int
  public var makeDirectory: @Sendable (_ path: String) -> Int
  /// Lists the names in an open directory, sorted.
  public var list: @Sendable (_ directory: Int32) -> (code: Int, names: [String])
}

extension SystemCalls {
  /// Every call fails, because there is no such call. A simulation starts from these and not from the
  /// system's: a call that it forgot would act on whatever the process has open under that descriptor.
  package static let unavailable = unsafe SystemCalls(
    open: { _, _ in missing }, openAt: { _, _, _ in missing }, close: { _ in missing },
    read: { _, _, _ in missing }, write: { _, _, _ in missing }, size: { _ in missing },
    kind: { _, _ in missing }, kindAt: { _, _, _ in missing }, linkCount: { _ in missing },
    truncate: { _, _ in missing }, allocate: { _, _, _ in missing }, syncData: { _ in missing },
    sync: { _ in missing }, lock: { _ in missing }, unlock: { _ in missing },
    renameAt: { _, _, _ in missing }, removeAt: { _, _ in missing },
    makeDirectory: { _ in missing },
    list: { _ in (missing, []) })

  private static let missing = -Int(ENOSYS)
}

/// The kind of an entry in a directory.
public enum EntryKind: Sendable {
  case regular, directory, symbolicLink
  /// A pipe, a socket or a device.
  case special
}
