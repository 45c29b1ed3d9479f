public import Disk
public import Week1Memory

extension BatchLogReplay {
  /// The number of the next log to create. That of a log without records is not used again.
  public var nextNumber: Int { contents.last.map { $0.number + 1 } ?? firstNumber }

  /// Makes durable what was replayed, and drops for good what was not. Call this once, before anything
  /// of it is shown to a reader, and before the next log is created. The records of that one may then
  /// say that everything up to `lastSequence` is on disk.
  ///
  /// Every step may be the last before a crash, and any of them may then be lost:
  /// - What was dropped is cut off, in every log that has some of it. The write that is lost stays
  ///   lost, so the next start finds the same prefix, whichever logs were cut. But they are all cut
  ///   and synced before there is a new log: it gives the dropped numbers to other writes.
  /// - No log is removed. A gap in their numbers always means that one is missing.
  /// - What may be in the system's cache only is written again over itself, and synced. To sync it would
  ///   not do: where a sync has failed before, the system may take the bytes for written (Rebello et
  ///   al., 2020). It takes no room, so a start on a full disk can do it.
  public func finish(in directory: Directory) throws(StorageError) {
    for content in contents where content.dropped > 0 || mayBeCached(content) {
      let file = try directory.open(LogName.fileName(content.number))
      if content.dropped > 0 { try file.truncate(to: content.end) }
      if mayBeCached(content) { try rewrite(file, upTo: content.end) }
      try file.sync()
    }
    // Also the names: a start that created a log may have been killed before it synced them.
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
