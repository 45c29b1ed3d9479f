/// Why an engine could not do what it was asked, with the details a person needs to act on it.
///
/// An in-memory store throws none of these. They are here because `get` and `set` are declared
/// once, for every week, and a store on disk throws all of them.
public enum StorageError: Error, Equatable, Sendable {
  /// The system refused `operation` on `path`, with `errno` and its meaning.
  case io(operation: String, path: String, errno: Int32, reason: String)
  /// The bytes of `file` at `offset` are not those that were written. Restore the file.
  case corrupt(file: String, offset: Int, reason: String)
  /// Another process, `holder`, has the directory open. Stop it, or use another directory.
  case locked(directory: String, holder: String)
  /// A later week wrote this directory, and this week would misread it. Use that week.
  case newerFormat(directory: String, writtenByWeek: Int, openedByWeek: Int)
  /// An earlier write failed with `cause`, so no write is accepted until the directory is reopened.
  case writesStopped(cause: String)
  /// The store has been closed. Open it again.
  case closed
  /// This week's engine has no such call. Use a later week's.
  case unsupported(call: String)
  /// A batch of `bytes` is larger than a batch may be. Write it as several.
  case batchTooLarge(bytes: Int, limit: Int)
}

extension StorageError: CustomStringConvertible {
  /// One line for a person: what happened, to what, and what to do.
  public var description: String {
    switch self {
    case .io(let operation, let path, let errno, let reason):
      "cannot \(operation) \(path): \(reason) (errno \(errno))"
    case .corrupt(let file, let offset, let reason):
      "\(file) is damaged at byte \(offset): \(reason); restore it from a backup"
    case .locked(let directory, let holder):
      "\(directory) is in use by \(holder); stop that process, or use another directory"
    case .newerFormat(let directory, let writer, let opener):
      "\(directory) was written by week \(writer), and week \(opener) cannot read it; "
        + "open it with week \(writer) or later"
    case .writesStopped(let cause):
      "no write is accepted since one failed (\(cause)); fix the cause and restart"
    case .closed:
      "the store is closed; open it again"
    case .unsupported(let call):
      "this week's engine has no \(call); use a later week's"
    case .batchTooLarge(let bytes, let limit):
      "a batch has at most \(limit) bytes of keys and values, and this one has \(bytes); divide it"
    }
  }
}
