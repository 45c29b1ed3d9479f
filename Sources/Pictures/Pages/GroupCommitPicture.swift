import Disk
import Foundation
import Synchronization
import TestSupport
import Week1Memory
import Week8Concurrency

/// Six writers on a time line, which share three syncs.
struct GroupCommitPicture {
  private var canvas = Canvas(
    "group-commit", "Group commit: writers share a sync",
    "Six writers over time. The first commits alone. Those that come during its sync wait in line and are committed "
      + "together, with one write and one sync, by the first of them.")

  static func draw() throws -> Canvas {
    var picture = GroupCommitPicture()
    let groups = try CommitRun().groups()
    picture.draw(groups)
    return picture.canvas
  }

  private mutating func draw(_ groups: [Int]) {
    let width = 220.0
    canvas.text("log", 24, 85, .small)
    var writer = 1
    for (index, size) in groups.enumerated() {
      let x = 116 + Double(index) * width
      drawSync(index + 1, size, at: x, width)
      for place in 0..<size {
        draw(writer, group: index, isLeader: place == 0, arrives: Double(place), at: x, width)
        writer += 1
      }
    }
    let total = groups.reduce(0, +)
    canvas.line([Point(116, 318), Point(776, 318)], .grey)
    canvas.text("time", 776, 334, .tiny, muted: true, .end)
    canvas.text(
      "\(total) writes, \(groups.count) syncs. A sync takes about as long for three records as for one.",
      116, 350,
      .strong, .green)
    canvas.paragraph(
      "A writer that finds nobody committing leads at once. A writer that comes during its sync waits in line. Then the "
        + "first in line leads, for all that are in line by then. The run behind this picture holds each sync "
        + "until the next writers are in line.", 24, 382, width: 750, muted: true)
  }

  private mutating func drawSync(_ number: Int, _ size: Int, at x: Double, _ width: Double) {
    canvas.box(Rect(x, 68, 64, 26), .log, size == 1 ? "1 record" : "\(size) records", .tiny)
    canvas.box(Rect(x + 64, 68, width - 68, 26), .disk, "sync \(number)", .small)
  }

  private mutating func draw(
    _ writer: Int, group: Int, isLeader: Bool, arrives: Double, at x: Double, _ width: Double
  ) {
    let y = 112 + Double(writer - 1) * 34
    canvas.text("writer \(writer)", 24, y + 17, .small)
    if group > 0 {
      let start = x - width + 76 + arrives * 30
      canvas.box(Rect(start, y, x - start, 26), .grey, "in line", .small, line: .dashed, radius: 3)
    }
    canvas.box(
      Rect(x, y, width - 4, 26), isLeader ? .teal : .blue,
      isLeader ? "leads its group" : "is in the group", .small, radius: 3)
    canvas.badge(group + 1, Point(x + width - 20, y + 13), isLeader ? .teal : .blue)
  }
}

/// A run of the engine in which each sync of the log lasts until the writers of the next group are in line.
private final class CommitRun: Sendable {
  private static let sizes = [1, 3, 2]
  private let gate = Gate()

  /// How many writes each sync has made durable.
  func groups() throws -> [Int] {
    let engine = try ConcurrentEngine("/store", calls: calls())
    let writers = DispatchGroup()
    var requests = [value("commit_requests", of: engine)]
    gate.close()
    for (group, size) in Self.sizes.enumerated() {
      for place in 1...size {
        start(engine, in: writers)
        try wait {
          group == 0 ? self.gate.reached == 1 : self.value("commit_waiting", of: engine) == place
        }
      }
      if group > 0 { gate.letPass() }
      try wait { self.gate.reached == group + 1 }
      requests.append(value("commit_requests", of: engine))
    }
    gate.letPass()
    writers.wait()
    gate.open()
    try engine.close()
    return zip(requests.dropFirst(), requests).map { $0 - $1 }
  }

  private func start(_ engine: ConcurrentEngine, in writers: DispatchGroup) {
    let thread = Thread {
      try? engine.set("key", to: "1")
      writers.leave()
    }
    writers.enter()
    thread.start()
  }

  private func calls() -> SystemCalls {
    var calls = SimulatedDisk().calls
    let sync = calls.syncData
    calls.syncData = { [gate] descriptor in
      gate.pass()
      return sync(descriptor)
    }
    return calls
  }

  private func value(_ name: String, of engine: ConcurrentEngine) -> Int {
    engine.statistics.first { $0.name == name }?.value ?? 0
  }

  private func wait(until isDone: () -> Bool) throws {
    for _ in 0..<30_000 {
      if isDone() { return }
      Thread.sleep(forTimeInterval: 0.001)
    }
    throw NothingToShow()
  }
}

/// A place where threads stop until they are let through, one after the other.
private final class Gate: Sendable {
  private struct State {
    var isClosed = false
    var reached = 0
    var passes = 0
  }
  private let state = Mutex(State())

  /// How many threads have reached it.
  var reached: Int { state.withLock { $0.reached } }
  func close() { state.withLock { $0.isClosed = true } }
  func open() { state.withLock { $0.isClosed = false } }
  func letPass() { state.withLock { $0.passes += 1 } }

  func pass() {
    let place = state.withLock { state in
      if state.isClosed { state.reached += 1 }
      return state.isClosed ? state.reached : 0
    }
    while state.withLock({ $0.passes < place }) { Thread.sleep(forTimeInterval: 0.001) }
  }
}
