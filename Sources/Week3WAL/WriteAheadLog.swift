public import Disk
public import Week1Memory
public import Week2LSM

/// The log `wal.db`: every write is appended to it before it goes anywhere else, so that a restart
/// can repeat it.
///
/// After a call has thrown, the content of the file is unknown, and nothing more may be appended.
/// The next open finds out.
public struct WriteAheadLog<Payload: RowPayload>: ~Copyable {
  private let file: File
  private let options: LogOptions
  /// Where the next record begins. Everything before `synced` is on disk.
  private var end: Int
  private var synced: Int
  private var space: LogSpace
  private var lastSync = ContinuousClock.now
  /// The record being written.
  @usableFromInline var buffer: [UInt8] = []

  private let syncs = Counter("log_syncs")
  private let appendedBytes = Counter("log_appended_bytes")
  /// Bytes of a torn tail that were dropped at open.
  public let droppedBytes: Int

  public static var fileName: String { "wal.db" }
  /// The first week whose directories have a log.
  private static var firstWeek: Int { 3 }

  /// Opens the log and calls `replay` with each row, oldest first. Creates the log in a directory
  /// of a week that had none; otherwise throws `corrupt` if it is missing or damaged.
  ///
  /// The records are written to a new file, which is synced and then replaces the old one. What was
  /// read may be in the system's cache only, and syncing the old file would not help: after a
  /// failed sync, the system may take the bytes for written (Rebello et al., 2020).
  public init(
    in directory: Directory, ofWeek week: Int, options: LogOptions,
    replay: (Row<Payload>) -> Void
  ) throws(StorageError) {
    let old = try Self.openFile(in: directory, mayBeNew: week < Self.firstWeek)
    var recovered = (end: 0, torn: 0)
    if try old.size() > 0 {
      do throws(StorageError) {
        recovered = try Self.replace(old, in: directory, replay)
      } catch  where error.isOfFullDisk {
        recovered = try Self.rewrite(old, replay)  // Replays again from the first row.
      }
    }
    let file = try directory.open(Self.fileName)
    space = LogSpace(in: try file.size(), options)
    self.file = file
    self.options = options
    (end, droppedBytes) = recovered
    synced = end
  }

  /// Replaces the log with a copy of its records.
  private static func replace(
    _ old: borrowing File, in directory: Directory, _ replay: (Row<Payload>) -> Void
  ) throws(StorageError) -> (end: Int, torn: Int) {
    var recovered = (end: 0, torn: 0)
    try directory.replace(fileName) { (new) throws(StorageError) in
      var writer = RecordWriter<Payload>()
      let content = try LogReplay<Payload>(of: old) { (record) throws(StorageError) in
        record.rows.forEach(replay)
        try writer.append(record, to: new)
      }
      try writer.flush(to: new)
      recovered = (writer.written, content.torn)
    }
    return recovered
  }

  /// Writes the records over themselves, because there is no room for a copy: a start on a full
  /// disk has no other way to make them durable, and should answer reads.
  private static func rewrite(
    _ file: borrowing File, _ replay: (Row<Payload>) -> Void
  ) throws(StorageError) -> (end: Int, torn: Int) {
    let content = try LogReplay<Payload>(of: file) { $0.rows.forEach(replay) }
    if content.torn > 0 { try file.truncate(to: content.end) }
    for start in stride(from: 0, to: content.end, by: 1 << 16) {
      let count = min(1 << 16, content.end - start)
      try file.write(try file.read(at: start, count: count), at: start)
    }
    try file.sync()
    return (content.end, content.torn)
  }

  /// The number of bytes in all records.
  public var bytes: Int { end }

  /// Whether it is time to make the records durable elsewhere and clear the log.
  public var isFull: Bool { end >= options.limit }

  /// Appends one row; see `append(_:)` for several.
  @inlinable
  public mutating func append(_ row: Row<Payload>) throws(StorageError) {
    try append([row])
  }

  /// Appends a record of `rows`, and syncs it if the options say so. Under `always`, the record
  /// survives a power failure once this returns.
  @inlinable
  public mutating func append(_ rows: [Row<Payload>]) throws(StorageError) {
    LogRecord(rows, unsynced: unsynced).append(to: &buffer)
    try writeBuffer()
  }

  /// The number of bytes not yet synced.
  @usableFromInline var unsynced: Int { end - synced }

  @usableFromInline
  mutating func writeBuffer() throws(StorageError) {
    precondition(buffer.count <= LineReader.maximumLength, "a replay could not read this record")
    space.extend(file, to: end + buffer.count)
    try file.write(buffer, at: end)
    end += buffer.count
    appendedBytes.add(buffer.count)
    buffer.removeAll(keepingCapacity: buffer.count <= Self.keptBuffer)
    if options.sync.isDue(after: lastSync) { try sync() }
    try file.checkName()  // Last: a record in a log without a name is in no directory.
  }

  /// Returns when all records are on disk.
  public mutating func sync() throws(StorageError) {
    if synced == end { return }
    try file.sync()
    synced = end
    syncs.add()
    lastSync = .now
  }

  /// Drops all records. Call this once the tables hold everything in them, durably.
  public mutating func clear() throws(StorageError) {
    try file.truncate(to: 0)
    // Before the next record is written: a crash must not leave it in front of the old ones.
    try file.sync()
    (end, synced) = (0, 0)
    space = LogSpace(in: 0, options)
  }

  public var statistics: [Statistic] {
    [
      .gauge("log_bytes", bytes), appendedBytes.statistic, syncs.statistic,
      .gauge("log_dropped_bytes", droppedBytes),
    ]
  }

  private static var keptBuffer: Int { 1 << 16 }

  private static func openFile(
    in directory: Directory, mayBeNew: Bool
  ) throws(StorageError) -> File {
    let names = try directory.names()
    let isThere = names.contains(fileName)
    guard isThere || mayBeNew else {
      let path = "\(directory.path)/\(fileName)"
      throw .corrupt(file: path, offset: 0, reason: "it is missing")
    }
    // A copy that an earlier start did not finish.
    if names.contains(Directory.temporaryName(for: fileName)) {
      try directory.remove(Directory.temporaryName(for: fileName))
    }
    let file = isThere ? try directory.open(fileName) : try directory.create(fileName)
    try directory.sync()  // Even if it was there: the start that created it may have been killed.
    return file
  }
}

/// Writes the records of a log to a new file, to be synced as a whole.
private struct RecordWriter<Payload: RowPayload> {
  private var buffer: [UInt8] = []
  private var flushed = 0

  var written: Int { flushed + buffer.count }

  mutating func append(
    _ record: LogRecord<Payload>, to file: borrowing File
  ) throws(StorageError) {
    LogRecord(record.rows, unsynced: 0).append(to: &buffer)
    if buffer.count >= 1 << 16 { try flush(to: file) }
  }

  mutating func flush(to file: borrowing File) throws(StorageError) {
    try file.write(buffer, at: flushed)
    flushed += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
