public import Week1Memory

/// Stops all writes after the first that failed.
///
/// What a failed append, sync or rename has left on the disk is known only to a reopen. To try again,
/// or to go on with the next write, would acknowledge what may not be there: after a failed `fsync`
/// the system may have dropped the bytes, and a second one would still succeed.
public struct FailStop: Sendable {
  /// The failure, or nil while there was none.
  public private(set) var cause: StorageError?

  public init() {}

  /// Throws if a write has failed before.
  public func check() throws(StorageError) {
    if let cause { throw .writesStopped(cause: cause.description) }
  }

  /// Notes that a write has failed with `error`, and returns it to be thrown.
  public mutating func stop(_ error: StorageError) -> StorageError {
    cause = error
    return error
  }
}
