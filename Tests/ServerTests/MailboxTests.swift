import Server
import Synchronization
import Testing
import Week1Memory

@Suite("A mailbox", .timeLimit(.minutes(5)))
struct MailboxTests {
  @Test("wakes its loop once for all pending outcomes, and keeps their order")
  func oneWakeUp() {
    let (loop, received) = (ManualLoop(), Journal())
    let mailbox = Mailbox { loop.execute($0) }
    for round in 0..<3 {
      for number in 0..<5 {
        mailbox.post(.batchStored(number)) { outcome in received.append("\(round) \(outcome)") }
      }
      #expect(loop.count == 1)
      loop.run()
    }
    let expected = (0..<3).flatMap { round in
      (0..<5).map { "\(round) \(Outcome.batchStored($0))" }
    }
    #expect(received.all == expected)
  }

  @Test("wakes its loop again for outcomes posted while others are received")
  func postedMeanwhile() {
    let (loop, received) = (ManualLoop(), Journal())
    let mailbox = Mailbox { loop.execute($0) }
    mailbox.post(.stored) { _ in
      received.append("first")
      mailbox.post(.stored) { _ in received.append("second") }
    }
    loop.run()
    #expect(received.all == ["first"])
    #expect(loop.count == 1)
    loop.run()
    #expect(received.all == ["first", "second"])
    #expect(loop.count == 0)
  }

  @Test("loses nothing that many threads post while it is emptied")
  func manyThreads() async {
    let (loop, received) = (ManualLoop(), Journal())
    let mailbox = Mailbox { loop.execute($0) }
    await withTaskGroup { tasks in
      for _ in 0..<4 {
        tasks.addTask {
          for _ in 0..<2_000 { mailbox.post(.stored) { _ in received.append("stored") } }
        }
      }
      tasks.addTask {
        while received.all.count < 8_000 {
          loop.run()
          await Task.yield()
        }
      }
    }
    #expect(received.all.count == 8_000)
    #expect(loop.count == 0)
  }
}

/// An event loop that runs only when the test says so.
private final class ManualLoop: Sendable {
  private let work = Mutex<[@Sendable () -> Void]>([])

  func execute(_ body: @escaping @Sendable () -> Void) {
    work.withLock { $0.append(body) }
  }

  /// How often it has been woken since it last ran.
  var count: Int { work.withLock { $0.count } }

  func run() {
    let bodies = work.withLock { work in
      defer { work = [] }
      return work
    }
    for body in bodies { body() }
  }
}
