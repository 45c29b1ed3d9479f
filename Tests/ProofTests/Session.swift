import Disk
import TestSupport
import Week1Memory
import Week3WAL
import Weeks

/// An engine in use on one disk, from its first start on, and the history of that use.
struct Session {
  static let path = "/store/data"

  let week: ProvenWeek
  let thresholds: Thresholds
  let path: String
  let calls: SystemCalls
  private(set) var engine: (any Store)?
  private(set) var history: History

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

  /// Lets go of the engine, as a kill does.
  mutating func drop() {
    engine = nil
  }

  /// Throws what the engine throws. What was asked for is in the history either way.
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
    case .flush: try engine?.flush()
    case .compact: try engine?.compact()
    case .sync: try sync()
    case .reopen:
      try engine?.close()
      try restart()
    case .kill:
      // A week without a log would lose what is in its memtable, as it may.
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

  /// What a user sees: every key of the workloads is asked for, and one that was never written.
  func contents() throws(StorageError) -> Contents {
    var contents: Contents = [:]
    for key in Workload.keys + [Workload.absentKey] { contents[key] = try engine?.get(key) }
    return contents
  }
}
