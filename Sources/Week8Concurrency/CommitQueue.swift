import Synchronization
import Week1Memory

/// A request to the log: to write a batch, or only to sync or rotate.
enum CommitRequest: Sendable {
  case write(WriteBatch)
  /// Makes every earlier write durable.
  case sync
  /// Begins a new memtable and a new log, if the current ones are not empty.
  case rotate
  /// As `rotate`, and accepts nothing afterwards.
  case close

  var batch: WriteBatch? {
    if case .write(let batch) = self { batch } else { nil }
  }

  var byteCount: Int { batch?.byteCount ?? 0 }

  /// Whether all writes up to here must be on disk when the request is done.
  var syncs: Bool {
    switch self {
    case .sync, .close: true
    case .write, .rotate: false
    }
  }

  /// Whether a new memtable begins after the request.
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

/// Writers that arrive at the same time share one write to the log and one sync (group commit:
/// DeWitt et al., "Implementation techniques for main memory database systems", 1984).
///
/// A writer that finds no commit in progress becomes the *leader* and commits at once, so a lone
/// writer waits for nobody. Writers that arrive meanwhile line up. When the leader is done, it
/// hands the lead to the first of them, who commits for all those in line by then. A writer with a
/// completion handler does not wait in line itself: if no other writer does, a thread of the
/// scheduler leads for it.
final class CommitQueue: Sendable {
  typealias Completion = @Sendable (Result<Void, StorageError>) -> Void

  /// A request in line.
  private final class Waiter: Sendable {
    let request: CommitRequest
    /// Called with the outcome; nil for a thread that waits.
    let completion: Completion?
    let event: Event?
    /// The outcome of the request. If nil after the event, the waiter must take the lead.
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
    /// Whether there is a leader.
    var isLed = false
  }

  private let line = Mutex(Line())
  private let scheduler: Scheduler
  private let commitGroup: @Sendable (CommitGroup) throws(StorageError) -> Void
  private let groups = Counter("commit_groups")
  private let requests = Counter("commit_requests")

  /// The size after which a group takes no further batch. It bounds how long the first writer waits
  /// for the last, and by how much a memtable exceeds its limit.
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

  /// Joins the line. If there is no leader, takes the lead instead and returns nil.
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

  /// Leads when nobody is ahead in line.
  private func lead(with request: CommitRequest) throws(StorageError) {
    let others = takeGroup(after: request.byteCount)
    let result = commit(CommitGroup(first: request, others: others.map(\.request)))
    for waiter in others { waiter.finish(result) }
    handOver()
    try result.get()
  }

  /// Leads for requests that no thread waits for, until the line is empty.
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

  /// Takes the requests from the front of the line whose batches fit in a group that already has
  /// `bytes`.
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

  /// Whether there are requests in line to lead for; if not, gives up the lead.
  private func continues() -> Bool {
    line.withLock { line in
      if line.waiters.isEmpty { line.isLed = false }
      return line.isLed
    }
  }

  /// Hands the lead to the first thread waiting in line. It stays in line, and also commits for
  /// those ahead of it.
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
