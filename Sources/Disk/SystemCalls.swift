/// Every system call that an engine makes: the edge between the engine and the disk.
///
/// Each call returns what the system's returns, or the negated `errno`. A test replaces some of them,
/// to have a disk that fails, or one that forgets what was not synced.
///
/// An engine resolves one path, that of its directory. Every other name is resolved in the open
/// directory, so that it keeps its meaning when somebody renames or replaces what the path leads to.
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
  /// Says what a descriptor refers to.
  public var kind: @Sendable (_ descriptor: Int32, inout EntryKind) -> Int
  /// Says what a name in an open directory refers to. A symbolic link is not followed.
  public var kindAt: @Sendable (_ directory: Int32, _ name: String, inout EntryKind) -> Int
  /// Returns how many names the file of a descriptor has.
  public var linkCount: @Sendable (_ descriptor: Int32) -> Int
  public var truncate: @Sendable (_ descriptor: Int32, _ length: Int) -> Int
  /// Lengthens a file with zeros and reserves their space on the disk. May leave the file longer, and
  /// some of the space reserved, when it fails.
  public var allocate: @Sendable (_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int
  /// Returns when the bytes of the file are on the disk, and the length that is needed to read them.
  /// Other metadata, such as the times, may follow later.
  public var syncData: @Sendable (_ descriptor: Int32) -> Int
  /// Returns when the file, or the names in the directory, are on the disk.
  public var sync: @Sendable (_ descriptor: Int32) -> Int
  /// Locks an open file, or returns `-EWOULDBLOCK` if another open file holds the lock.
  public var lock: @Sendable (_ descriptor: Int32) -> Int
  public var unlock: @Sendable (_ descriptor: Int32) -> Int
  /// Renames within one open directory, over what has the new name.
  public var renameAt: @Sendable (_ directory: Int32, _ from: String, _ to: String) -> Int
  public var removeAt: @Sendable (_ directory: Int32, _ name: String) -> Int
  public var makeDirectory: @Sendable (_ path: String) -> Int
  /// Lists the names in an open directory, sorted.
  public var list: @Sendable (_ directory: Int32) -> (code: Int, names: [String])
}

/// What an entry of a directory can be.
public enum EntryKind: Sendable {
  case regular, directory, symbolicLink
  /// A pipe, a socket or a device.
  case special
}
