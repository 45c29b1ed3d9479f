import Synchronization
import Week1Memory

/// What is asked of the log: to write a batch, or only to sync or to rotate.
enum CommitRequest: Sendable {
  case write(WriteBatch)
  /// Make every earlier write durable.
  case sync
  /// Begin a new memtable and a new log, if the present ones are not empty.
  case rotate
  /// The same, and accept nothing after it.
  case close

  var batch: WriteBatch? {
    if case .write(let batch) = self { batch } else { nil }
  }

  var byteCount: Int { batch?.byteCount ?? 0 }

  /// Whether a new memtable begins after it.
  var endsMemtable: Bool {
    switch self {
    case .rotate, .close: true
    case .write, .sync: false
    }
  }
}

/// Requests that are carried out together.
struct CommitGroup: Sendable {
  let first: CommitRequest
  let others: [CommitRequest]

  var count: Int { 1 + others.count }

  func contains(where predicate: (CommitRequest) -> Bool) -> Bool {
    predicate(first) || others.contains(where: predicate)
  }

  /// Calls `body` with each batch, in order.
  func forEachBatch(_ body: (WriteBatch) -> Void) {
    if let batch = first.batch { body(batch) }
    for request in others {
      if let batch = request.batch { body(batch) }
    }
  }
}

/// Writers that come at the same time share one write to the log, and one sync (group commit: DeWitt et
/// al., "Implementation techniques for main memory database systems", 1984).
///
/// A writer that finds nobody committing becomes the *leader*, and commits at once: one writer alone waits
/// for nobody. Those that come meanwhile line up. When the leader is done, it hands the lead to the first
/// of them, who commits for all that are in line by then. A writer that left a completion does not wait in
/// line itself: if no other does, a thread of the scheduler leads for it.
final class CommitQueue: Sendable {
  typealias Completion = @Sendable (Result<Void, StorageError>) -> Void

  /// Someone in line.
  private final class Waiter: Sendable {
    let request: CommitRequest
    /// Nil for one who waits; otherwise it is called.
    let completion: Completion?
    let event: Event?
    /// What came of the request. Nil after the event: it is to take the lead.
    let outcome = Mutex<Result<Void, StorageError>?>(nil)
    let leads = Atomic(false)

    init(_ request: CommitRequest, completion: Completion?, event: Event?) {
      self.request = request
      self.completion = completion
      self.event = event
    }

    func finish(_ result: Result<Void, StorageError>) {
      if let completion { return completion(result) }
      outcome.withLock { $0 = result }
      event?.signal()
    }
  }

  private struct Line: Sendable {
    var waiters: [Waiter] = []
    /// Whether somebody leads.
    var isLed = false
  }

  private let line = Mutex(Line())
  private let scheduler: Scheduler
  private let commitGroup: @Sendable (CommitGroup) throws(StorageError) -> Void
  private let groups = Counter("commit_groups")
  private let requests = Counter("commit_requests")

  /// The bytes after which a group takes no further batch. It bounds how long the first waits for the last,
  /// and by how much a memtable exceeds its limit.
  private static let groupBytes = 4 << 20

  /// `commitGroup` is called with one group at a time.
  init(
    _ scheduler: Scheduler,
    commitGroup: @escaping @Sendable (CommitGroup) throws(StorageError) -> Void
  ) {
    self.scheduler = scheduler
    self.commitGroup = commitGroup
  }

  /// Returns when the request has been carried out.
  func perform(_ request: CommitRequest) throws(StorageError) {
    guard let waiter = join(request) else { return try lead(with: request) }
    waiter.event?.wait()
    while true {
      if let outcome = waiter.outcome.withLock({ $0 }) {
        if waiter.leads.load(ordering: .acquiring) { handOver() }
        return try outcome.get()
      }
      commitNextGroup()  // It has the lead, and its own request is in line.
    }
  }

  /// Returns at once, and calls `completion` when the request has been carried out.
  func perform(_ request: CommitRequest, completion: @escaping Completion) {
    let waiter = Waiter(request, completion: completion, event: nil)
    let mustLead = line.withLock { line in
      line.waiters.append(waiter)
      defer { line.isLed = true }
      return !line.isLed
    }
    if mustLead { scheduler.run { self.leadForOthers() } }
  }

  /// Joins the line, or takes the lead where nobody has it: then it returns nil.
  private func join(_ request: CommitRequest) -> Waiter? {
    line.withLock { line in
      if !line.isLed {
        line.isLed = true
        return nil
      }
      let waiter = Waiter(request, completion: nil, event: scheduler.makeEvent())
      line.waiters.append(waiter)
      return waiter
    }
  }

  /// Leads where nobody is in line before.
  private func lead(with request: CommitRequest) throws(StorageError) {
    let others = takeGroup(after: request.byteCount)
    let result = commit(CommitGroup(first: request, others: others.map(\.request)))
    for waiter in others { waiter.finish(result) }
    handOver()
    try result.get()
  }

  /// Leads for those who do not wait, until there are none.
  private func leadForOthers() {
    repeat { commitNextGroup() } while continues()
  }

  private func commitNextGroup() {
    let group = takeGroup(after: 0)
    guard let first = group.first else { return }
    let others = group.dropFirst().map(\.request)
    let result = commit(CommitGroup(first: first.request, others: others))
    for waiter in group { waiter.finish(result) }
  }

  /// Takes those at the front of the line whose batches fit in a group that has `bytes` already.
  private func takeGroup(after bytes: Int) -> [Waiter] {
    line.withLock { line in
      if line.waiters.isEmpty { return [] }
      var bytes = bytes
      let end = line.waiters.firstIndex { waiter in
        if bytes >= Self.groupBytes { return true }
        bytes += waiter.request.byteCount
        return false
      }
      let group = Array(line.waiters[..<(end ?? line.waiters.endIndex)])
      line.waiters.removeFirst(group.count)
      return group
    }
  }

  private func commit(_ group: CommitGroup) -> Result<Void, StorageError> {
    groups.add()
    requests.add(group.count)
    return Result { () throws(StorageError) in try commitGroup(group) }
  }

  /// Whether there is somebody in line to lead for; else the lead is given up.
  private func continues() -> Bool {
    line.withLock { line in
      if line.waiters.isEmpty { line.isLed = false }
      return line.isLed
    }
  }

  /// Passes the lead on to the first in line who waits. It stays in line, and commits for those before it
  /// too.
  private func handOver() {
    let next: (waiter: Waiter?, isLed: Bool) = line.withLock { line in
      if line.waiters.isEmpty { line.isLed = false }
      return (line.waiters.first { $0.event != nil }, line.isLed)
    }
    if let waiter = next.waiter {
      waiter.leads.store(true, ordering: .releasing)
      waiter.event?.signal()
    } else if next.isLed {
      scheduler.run { self.leadForOthers() }
    }
  }

  var statistics: [Statistic] {
    [
      groups.statistic, requests.statistic,
      .gauge("commit_waiting", line.withLock { $0.waiters.count }),
    ]
  }
}
