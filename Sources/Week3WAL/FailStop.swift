public import Week1Memory

/// Stops all writes after the first that failed.
///
/// Only a reopen finds out what a failed append, sync or rename has left on disk. To retry it, or to
/// go on with the next write, could acknowledge a write that is not there: after a failed `fsync` the
/// system may have dropped the bytes, and a second one would succeed all the same.
public struct FailStop: Sendable {
  /// The first failure, or nil.
  public private(set) var cause: StorageError?

  public init() {}

  /// Throws if an earlier write has failed.
  public func check() throws(StorageError) {
    if let cause { throw .writesStopped(cause: cause.description) }
  }

  /// Records that a write has failed with `error`, and returns it for the caller to throw.
  public mutating func stop(_ error: StorageError) -> StorageError {
    cause = error
    return error
  }
}
