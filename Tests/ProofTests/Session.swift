import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week8Concurrency
import Weeks

/// An engine in use on one disk, from its first start, and the history of that use.
struct Session {
  static let path = "/store/data"

  let week: ProvenWeek
  let thresholds: Thresholds
  let path: String
  let calls: SystemCalls
  private(set) var engine: (any Store)?
  private(set) var history: History
  /// The snapshots held, each with its expected contents.
  private var snapshots: [(snapshot: any StoreSnapshot, contents: Contents)] = []

  private static let mostSnapshots = 3

  init(
    _ week: ProvenWeek, _ thresholds: Thresholds, path: String = Session.path,
    calls: SystemCalls, history: History = History()
  ) {
    self.week = week
    self.thresholds = thresholds
    self.path = path
    self.calls = calls
    self.history = history
  }

  mutating func open() throws(StorageError) {
    engine = try week.open(path, thresholds, calls)
  }

  /// Takes what is there now as given: from here on it must all survive.
  mutating func startHistory(from contents: Contents) {
    history = History(from: contents)
  }

  /// Drops the engine, as a kill does.
  mutating func drop() {
    engine = nil
    snapshots = []
  }

  /// Throws what the engine throws. The request is in the history in either case.
  mutating func perform(_ step: Step) throws(StorageError) {
    switch step {
    case .set(let key, let value):
      history.accept(key, value)
      try engine?.set(key, to: value)
      history.acknowledge()
    case .delete(let key):
      history.accept(key, nil)
      try engine?.delete(key)
      history.acknowledge()
    case .batch(let rows):
      history.accept(rows)
      try engine?.write(WriteBatch(rows))
      history.acknowledge()
    case .snapshot: try takeSnapshot()
    case .flush: try engine?.flush()
    case .compact: try engine?.compact()
    case .sync: try sync()
    case .reopen:
      try engine?.close()
      try restart()
    case .kill:
      // A week without a log would lose what is in its memtable, which is allowed.
      if !week.hasLog { try engine?.flush() }
      try restart()
    }
    noteDurability()
  }

  mutating func restart() throws(StorageError) {
    drop()
    try open()
  }

  private mutating func sync() throws(StorageError) {
    try engine?.sync()
    if week.hasLog { history.makeDurable() }
  }

  private mutating func noteDurability() {
    let syncsEachWrite = week.hasLog && thresholds.log.sync == .always
    if syncsEachWrite || engine?.statistics.contains(.gauge("memtable_entries", 0)) == true {
      history.makeDurable()
    }
  }

  private mutating func takeSnapshot() throws(StorageError) {
    guard let snapshot = try engine?.snapshot() else { return }
    if snapshots.count == Self.mostSnapshots { snapshots.removeFirst() }
    snapshots.append((snapshot, history.contents(after: history.writes.count)))
  }

  /// What a snapshot has that differs from when it was taken; nil if nothing does.
  func faultOfSnapshots() throws(StorageError) -> String? {
    for (snapshot, contents) in snapshots {
      for key in Workload.keys where try snapshot.get(key) != contents[key] {
        return "\(key) of a snapshot is another"
      }
      var scan = try snapshot.scan(from: "!", to: "~~")
      for key in contents.keys.sorted() {
        let row = try scan.next()
        if row?.key != key || row?.payload != contents[key] {
          return "a scan of a snapshot has \(row?.key.text ?? "no more") for \(key)"
        }
      }
      if try scan.next() != nil { return "a scan of a snapshot goes on" }
    }
    return nil
  }

  /// The contents as a user sees them: gets every key of the workloads, and one that was never written.
  func contents() throws(StorageError) -> Contents {
    var contents: Contents = [:]
    for key in Workload.keys + [Workload.absentKey] { contents[key] = try engine?.get(key) }
    return contents
  }
}

extension WriteBatch {
  init(_ rows: [(key: Key, value: Value?)]) {
    self.init()
    for (key, value) in rows {
      if let value { set(key, to: value) } else { delete(key) }
    }
  }
}
