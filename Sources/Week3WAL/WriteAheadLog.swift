import Basics
public import Week1Memory
public import Week2LSM

/// The log `wal.db`: every write is appended to it before it is anywhere else, so that a restart can
/// do it again.
///
/// After a call that threw, nobody knows what the file holds: the log must not be written again. A
/// reopen finds out.
public struct WriteAheadLog<Payload: RowPayload>: ~Copyable {
  private let file: File
  private let options: LogOptions
  /// Where the next record goes; everything before `synced` is on the medium.
  private var end: Int
  private var synced: Int
  /// The length of the file, of which the part after `end` is zeros.
  private var length: Int
  private var canAllocate: Bool
  private var lastSync = ContinuousClock.now

  public private(set) var syncs = 0
  public private(set) var appendedBytes = 0
  /// Bytes of a torn tail that were dropped at open.
  public let droppedBytes: Int

  public static var fileName: String { "wal.db" }
  /// A directory of this week, or a later one, has a log.
  public static var firstWeek: Int { 3 }

  /// Opens the log and hands each row to `replay`, oldest first. Makes the log if it is not there
  /// and `mayBeNew`; throws `corrupt` if it is missing otherwise, or damaged.
  public init(
    in directory: borrowing Directory, options: LogOptions, mayBeNew: Bool,
    replay: (Row<Payload>) -> Void
  ) throws(StorageError) {
    let file = try Self.openFile(in: directory, mayBeNew: mayBeNew)
    var length = try file.size()
    let bytes = try file.read(at: 0, count: length)
    let content = try LogReplay<Payload>(bytes, of: file.path)
    content.rows.forEach(replay)
    if content.torn > 0 {
      try file.truncate(to: content.end)  // Or the next record would stand behind garbage.
      length = content.end
    }
    // What we have read counts from now on, and it may be in the cache of the system only. A sync
    // alone does not help where one has failed before: the system may take the bytes for written.
    try file.write(Array(bytes[..<content.end]), at: 0)
    try file.sync()

    self.file = file
    self.options = options
    self.length = length
    end = content.end
    synced = content.end
    droppedBytes = content.torn
    canAllocate = options.allocation > 0
  }

  /// Bytes of all records.
  public var bytes: Int { end }

  /// Appends a record, and syncs it if the options say so. When this returns under `always`, the
  /// record survives a loss of power.
  public mutating func append(_ key: Key, _ payload: Payload) throws(StorageError) {
    let record = LogRecord(Row(key, payload), unsynced: end - synced).encoded()
    allocate(record.count)
    try file.write(record, at: end)
    end += record.count
    length = max(length, end)
    appendedBytes += record.count
    if isSyncDue { try sync() }
    try file.checkName()  // Last: a record in a log without a name is in no directory.
  }

  /// Returns when all records are on the medium.
  public mutating func sync() throws(StorageError) {
    if synced == end { return }
    try file.sync()
    synced = end
    syncs += 1
    lastSync = .now
  }

  /// Drops all records. Call this once what they say is durable elsewhere.
  public mutating func clear() throws(StorageError) {
    try file.truncate(to: 0)
    // Before the next record: a crash must not show it in front of the old ones.
    try file.sync()
    (end, synced, length) = (0, 0, 0)
    canAllocate = options.allocation > 0
  }

  private var isSyncDue: Bool {
    switch options.sync {
    case .always: true
    case .every(let period): ContinuousClock.now - lastSync >= period
    case .never: false
    }
  }

  /// Takes space ahead for `count` more bytes. Where the system cannot, the log grows as it is
  /// written, and a full disk is met there.
  private mutating func allocate(_ count: Int) {
    guard canAllocate, end + count > length else { return }
    let added = max(options.allocation, end + count - length)
    do {
      try file.allocate(at: length, length: added)
      length += added
    } catch {
      canAllocate = false
    }
  }

  private static func openFile(
    in directory: borrowing Directory, mayBeNew: Bool
  ) throws(StorageError) -> File {
    let isThere = try directory.names().contains(fileName)
    guard isThere || mayBeNew else {
      let path = "\(directory.path)/\(fileName)"
      throw .corrupt(file: path, offset: 0, reason: "it is missing")
    }
    let file = isThere ? try directory.open(fileName) : try directory.create(fileName)
    try directory.sync()  // Also if it is there: the start that made it may have been killed.
    return file
  }
}
