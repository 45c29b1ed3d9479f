public import Disk
public import Week1Memory
public import Week3WAL

/// A log being written: every write goes there before it goes anywhere else, so that a start can
/// repeat it. Each memtable has its own log, which is removed once the memtable is in a table.
///
/// Only one thread at a time may use it. After a call has thrown, the content of the file is
/// unknown, and nothing more may be added; the next start finds out.
public struct BatchLog: ~Copyable, Sendable {
  public let number: Int
  private let file: File
  private let options: LogOptions
  /// The end of the records written, and of those synced.
  private var end = 0
  private var synced = 0
  private var space: LogSpace
  /// Records that were added but not yet written.
  private var buffer: [UInt8] = []

  /// A larger buffer is freed after the write that needed it.
  private static let keptBuffer = 1 << 20

  /// Creates the log `number`, which must be one more than that of the previous log. When it
  /// returns, the name is durable.
  public init(
    creating number: Int, in directory: Directory, options: LogOptions
  ) throws(StorageError) {
    let file = try directory.create(LogName.fileName(number))
    try directory.sync()  // Before its first record: a record in a file without a name is lost.
    self.file = file
    self.number = number
    self.options = options
    space = LogSpace(in: 0, options)
  }

  /// The bytes of all records added, written or not.
  public var bytes: Int { end + buffer.count }

  /// Whether it is time for a new memtable and a new log, however few keys the memtable has.
  public var isFull: Bool { bytes >= options.limit }

  /// Adds the record of `batch` to those that the next `write` writes. Makes no system call.
  ///
  /// `sequence` is the number of its first write, one more than the number of the write before it,
  /// in this log or the previous one. All writes up to number `synced` are on disk, including those
  /// of earlier logs. A batch without writes adds nothing. A batch has at most 256 MiB.
  public mutating func add(_ batch: WriteBatch, at sequence: UInt64, synced: UInt64) {
    precondition(synced < sequence, "a record vouches for what is before it")
    if batch.isEmpty { return }
    let place = RecordPlace(log: number, offset: bytes)
    BatchRecord.append(batch, at: sequence, synced: synced, place: place, to: &buffer)
  }

  /// Writes what was added with one write call, and syncs it with one more if `syncs`. When it
  /// returns, the records survive a kill of the process; if `syncs`, also a loss of power. If
  /// `checksName`, throws if the log was removed or replaced.
  public mutating func write(syncs: Bool, checksName: Bool = true) throws(StorageError) {
    if !buffer.isEmpty { try writeBuffer() }
    if syncs { try sync() }
    if checksName { try checkName() }  // Last: a record in a log without a name is in no directory.
  }

  /// Throws if the log was removed or replaced.
  func checkName() throws(StorageError) {
    try file.checkName()
  }

  /// Returns when all records written so far are on disk. Makes no system call if they are.
  public mutating func sync() throws(StorageError) {
    if synced == end { return }
    try file.sync()
    synced = end
  }

  /// Ends the log. All that was added must be written.
  consuming func seal() -> SealedLog {
    synced == end ? SealedLog(synced: number) : SealedLog(number, unsynced: file)
  }

  private mutating func writeBuffer() throws(StorageError) {
    space.extend(file, to: end + buffer.count)
    try file.write(buffer, at: end)
    end += buffer.count
    buffer.removeAll(keepingCapacity: buffer.count <= Self.keptBuffer)
  }
}
