public import Week1Memory

/// Stops all writes after the first failure.
///
/// Only a reopen finds out what a failed append, sync or rename left on disk. Retrying it, or
/// continuing with the next write, could acknowledge a write that is lost: after a failed `fsync`
/// the system may have dropped the bytes, and a second `fsync` would succeed all the same.
public struct FailStop: Sendable {
  /// The first failure, or nil.
  public private(set) var cause: StorageError?

  public init() {}

  /// Throws if an earlier write has failed.
  public func check() throws(StorageError) {
    if let cause { throw .writesStopped(cause: cause.description) }
  }

  /// Records that a write has failed with `error`, and returns the error for the caller to throw.
  public mutating func stop(_ error: StorageError) -> StorageError {
    cause = error
    return error
  }
}
