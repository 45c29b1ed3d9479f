import Basics
public import Disk
public import Week1Memory
public import Week2LSM
public import Week4Compaction

/// Reads all logs after a start, write by write, in order.
///
/// The whole records must continue the numbers of the writes without a gap, from log to log. Where
/// they do not, the next write was lost, either in a crash or to damage. The records after it tell
/// the two apart: a header says which writes were on disk when its record was written. If the lost
/// write was among them, no crash can have lost it. Otherwise it is a torn tail: neither that write
/// nor any after it was promised to be durable. All of them are dropped, whole records too, so that
/// the state is that of a prefix.
public struct BatchLogReplay: Sendable {
  /// What was found in one log.
  package struct Content: Sendable {
    package let number: Int
    /// The end of the records that were replayed.
    package var end = 0
    /// The number of bytes after them that are not replayed, without zeros at the end, which are
    /// space allocated ahead.
    package var dropped = 0
    /// The number of the last write replayed, from this log or an earlier one.
    var lastSequence: UInt64
  }

  /// The number of the last write replayed, or of the last one before the first log.
  public private(set) var lastSequence: UInt64
  /// Every write up to this number was on disk before this start.
  private(set) var synced: UInt64
  package private(set) var contents: [Content] = []
  let firstNumber: Int
  /// Where the first lost write should have been.
  var lost: RecordPlace?

  /// Calls `replay` with each write and its number, in order. A key and a value share the bytes of
  /// a piece of the log of 256 KiB or more: copy them to keep only a few.
  ///
  /// Reads the logs from number `first` on, whose writes come after number `sequence`. The log `first`
  /// must exist, unless there is no log at all and `mayBeNew`. Throws `corrupt` if a log is damaged;
  /// discard what was replayed then. O(bytes of the logs); needs memory for the longest record.
  ///
  /// Before `finish`, no reader may see any of this, and no log may be created.
  public init(
    in directory: Directory, from first: Int, after sequence: UInt64,
    mayBeNew: Bool = false,
    replay: (Row<Entry>, _ sequence: UInt64) throws(StorageError) -> Void
  ) throws(StorageError) {
    let numbers = try LogName.numbers(in: directory, from: first, mayBeNew: mayBeNew)
    try self.init(
      of: numbers, from: first, after: sequence,
      opening: { (number) throws(StorageError) in try LogReader(number, in: directory) },
      replay: replay)
  }

  /// As above, for the logs with these numbers, which `open` opens for reading.
  package init(
    of numbers: [Int], from first: Int, after sequence: UInt64,
    opening open: (_ number: Int) throws(StorageError) -> LogReader,
    replay: (Row<Entry>, _ sequence: UInt64) throws(StorageError) -> Void
  ) throws(StorageError) {
    lastSequence = sequence
    synced = sequence
    firstNumber = first
    for number in numbers {
      var log = try open(number)
      contents.append(try read(&log, replay))
    }
  }

  /// The numbers of the logs that were found, ascending. All of them may be removed once what was
  /// replayed is in a table.
  public var numbers: [Int] { contents.map(\.number) }

  /// The length of the torn tail, in bytes.
  public var droppedBytes: Int { contents.reduce(0) { $0 + $1.dropped } }

  private mutating func read(
    _ log: inout LogReader, _ replay: (Row<Entry>, UInt64) throws(StorageError) -> Void
  ) throws(StorageError) -> Content {
    var content = Content(number: log.number, lastSequence: lastSequence)
    if lost == nil {
      content.end = try replayRecords(of: &log, replay)
      content.lastSequence = lastSequence
    }
    content.dropped = try checkTail(of: &log, from: content.end)
    return content
  }

  /// Replays the records that continue the numbers, and returns where they end.
  private mutating func replayRecords(
    of log: inout LogReader, _ replay: (Row<Entry>, UInt64) throws(StorageError) -> Void
  ) throws(StorageError) -> Int {
    var end = 0
    while let header = try log.header(at: end), header.sequence == lastSequence &+ 1,
      let body = try log.body(of: header, at: end)
    {
      try replayRecord(header, at: end, of: log, body, replay)
      end += header.recordLength
    }
    return end
  }

  private mutating func replayRecord(
    _ header: RecordHeader, at place: Int, of log: borrowing LogReader, _ body: Range<Int>,
    _ replay: (Row<Entry>, UInt64) throws(StorageError) -> Void
  ) throws(StorageError) {
    let bytes = log.piece
    var offset = body.lowerBound
    for number in header.sequence...header.lastSequence {
      let row: Row<Entry>
      do throws(MalformedText) {
        row = try BatchRecord.row(in: bytes, at: &offset, before: body.upperBound)
      } catch {
        throw .corrupt(file: log.path, offset: place, reason: error.reason)
      }
      try replay(row, number)
    }
    if offset < body.upperBound {
      let reason = "a record goes on after its last write"
      throw .corrupt(file: log.path, offset: place, reason: reason)
    }
    lastSequence = header.lastSequence
    synced = max(synced, header.synced)
  }
}
