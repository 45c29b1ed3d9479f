import Disk
import Week1Memory

// The bytes after the whole records of a log, and whether a crash explains them.
extension BatchLogReplay {
  /// Examines everything in `log` that is not replayed: the bytes after the records, which end at
  /// `end`, or the whole log if an earlier write is lost. Returns their number, without zeros at
  /// the end. Throws `corrupt` if no crash can have left them.
  mutating func checkTail(of log: inout LogReader, from end: Int) throws(StorageError) -> Int {
    let (suspect, start) = try suspect(in: &log, at: end)
    let missing = lastSequence &+ 1
    let path = log.path
    let endOfTail = try log.search(from: start) { (header, offset) throws(StorageError) in
      if Self.isLeftByCrash(header, afterLossOf: missing) { return }
      throw Self.damage(at: suspect, missing, contradictedBy: header, in: path, at: offset)
    }
    if endOfTail > end { lost = suspect }
    return endOfTail - end
  }

  /// Where the next write should have been, and where to start looking for later ones.
  private func suspect(
    in log: inout LogReader, at end: Int
  ) throws(StorageError) -> (place: RecordPlace, start: Int) {
    if let lost { return (lost, end) }
    let here = RecordPlace(log: log.number, offset: end)
    guard let header = try log.header(at: end) else { return (here, end) }
    // A torn body: its length is known, and no record begins inside it.
    if header.sequence == lastSequence &+ 1 {
      return (here, min(end + header.recordLength, log.size))
    }
    // A crash may lose the end of a log and keep the start of the next, but leaves no gap within one.
    if end == 0, let previous = contents.last {
      return (RecordPlace(log: previous.number, offset: previous.end), end)
    }
    let reason = "write \(header.sequence) follows write \(lastSequence)"
    throw .corrupt(file: log.path, offset: end, reason: reason)
  }

  /// Whether a crash can leave a record with this header although write `missing` is lost. A crash
  /// may lose any part of what was not synced, so the record may be a later one, written before
  /// `missing` was on disk.
  private static func isLeftByCrash(
    _ header: RecordHeader, afterLossOf missing: UInt64
  ) -> Bool {
    header.sequence > missing && header.synced < missing
  }

  private static func damage(
    at place: RecordPlace, _ missing: UInt64, contradictedBy header: RecordHeader,
    in path: String, at offset: Int
  ) -> StorageError {
    let directory = path.dropLast(path.split(separator: "/").last?.count ?? 0)
    let reason =
      header.synced >= missing
      ? "write \(missing) is not whole, and was on disk when byte \(offset) of \(path) was written"
      : "write \(missing) is not here, and byte \(offset) of \(path) has write \(header.sequence)"
    return .corrupt(
      file: directory + LogName.fileName(place.log), offset: place.offset, reason: reason)
  }
}
