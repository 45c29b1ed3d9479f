import Disk
import Week1Memory

// What follows the whole records of a log, and whether a crash explains it.
extension BatchLogReplay {
  /// Looks at everything in `log` that is not replayed: what is after the records, which end at `end`,
  /// or all of it if a write before this log is lost. Returns how many bytes it is, but for zeros at
  /// the end. Throws `corrupt` if no crash has left it.
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

  /// Where the next write should have been, and from where on to look for what was written after it.
  private func suspect(
    in log: inout LogReader, at end: Int
  ) throws(StorageError) -> (place: RecordPlace, start: Int) {
    if let lost { return (lost, end) }
    let here = RecordPlace(log: log.number, offset: end)
    guard let header = try log.header(at: end) else { return (here, end) }
    // A torn body: its length is known, and no record begins in it.
    if header.sequence == lastSequence &+ 1 {
      return (here, min(end + header.recordLength, log.size))
    }
    // A crash may take the end of a log and leave the start of the next. It leaves no gap within one.
    if end == 0, let previous = contents.last {
      return (RecordPlace(log: previous.number, offset: previous.end), end)
    }
    let reason = "write \(header.sequence) follows write \(lastSequence)"
    throw .corrupt(file: log.path, offset: end, reason: reason)
  }

  /// Whether a record with this header can be there where write `missing` is not. A crash takes any of
  /// what was not synced, so the record may be a later one, written before `missing` was on disk.
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
