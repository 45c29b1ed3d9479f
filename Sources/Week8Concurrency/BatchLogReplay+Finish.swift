public import Disk
public import Week1Memory

extension BatchLogReplay {
  /// The number of the next log to create. The number of a log without records is not reused.
  public var nextNumber: Int { contents.last.map { $0.number + 1 } ?? firstNumber }

  /// Makes what was replayed durable, and drops the rest for good. Call it once, before a reader
  /// sees any of it and before the next log is created. The records of the next log may then claim
  /// that everything up to `lastSequence` is on disk.
  ///
  /// A crash may come after any step, and may undo any of them:
  /// - The dropped bytes are cut off, in every log that has some. The lost write stays lost, so the
  ///   next start finds the same prefix, whichever logs were cut. But all of them are cut and synced
  ///   before there is a new log, because that one gives the dropped numbers to other writes.
  /// - No log is removed. A gap in the numbers always means that a log is missing.
  /// - Bytes that may only be in the system's cache are written again over themselves, and synced.
  ///   A sync alone is not enough: after a failed sync, the system may take the bytes for written
  ///   (Rebello et al., 2020). This needs no space, so a start on a full disk can do it.
  public func finish(in directory: Directory) throws(StorageError) {
    for content in contents where content.dropped > 0 || mayBeCached(content) {
      let file = try directory.open(LogName.fileName(content.number))
      if content.dropped > 0 { try file.truncate(to: content.end) }
      if mayBeCached(content) { try rewrite(file, upTo: content.end) }
      try file.sync()
    }
    // Syncs the names too: a start that created a log may have been killed before it synced its name.
    try directory.sync()
  }

  private func mayBeCached(_ content: Content) -> Bool {
    content.end > 0 && content.lastSequence > synced
  }

  private func rewrite(_ file: borrowing File, upTo end: Int) throws(StorageError) {
    for start in stride(from: 0, to: end, by: 1 << 18) {
      let bytes = try file.read(at: start, count: min(1 << 18, end - start))
      try file.write(bytes, at: start)
    }
  }
}
