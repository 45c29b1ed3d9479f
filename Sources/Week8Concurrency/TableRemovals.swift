import Disk
import Synchronization
import Week1Memory

/// Removes the files of tables that no catalog names any more. Any thread may drop the last
/// reference to a table, so the removal is a step of its own.
final class TableRemovals: Sendable {
  private struct Content: Sendable {
    var files: [String] = []
    var isRunning = false
    var isClosed = false
  }

  private let content = Mutex(Content())
  private let directory: Directory
  private let scheduler: Scheduler
  private let removed = Counter("tables_removed")

  init(in directory: Directory, _ scheduler: Scheduler) {
    self.directory = directory
    self.scheduler = scheduler
  }

  func add(_ file: String) {
    let mustRun = content.withLock { content in
      if content.isClosed { return false }  // The next start removes it.
      content.files.append(file)
      defer { content.isRunning = true }
      return !content.isRunning
    }
    if mustRun { scheduler.run { self.run() } }
  }

  /// Removes nothing from here on.
  func close() { content.withLock { $0.isClosed = true } }

  private func run() {
    while let file = next() {
      // A file that cannot be removed is left for the next start.
      if (try? directory.remove(file)) != nil { removed.add() }
    }
  }

  private func next() -> String? {
    content.withLock { content in
      if content.isClosed { content.files = [] }
      if content.files.isEmpty { content.isRunning = false }
      return content.files.popLast()
    }
  }

  var statistics: [Statistic] {
    [.gauge("tables_to_remove", content.withLock { $0.files.count }), removed.statistic]
  }
}
