import Synchronization
import Week1Memory

/// A value that one thread at a time uses, for as long as it takes, system calls included.
///
/// The other threads wait through the scheduler, so that it knows they do; with a plain lock it
/// would not.
final class Exclusive<Value: ~Copyable & Sendable>: Sendable {
  private struct Content: ~Copyable {
    /// Nil while a thread uses the value.
    var value: Value?
    var waiting: [Event] = []
  }

  private let content: Mutex<Content>
  private let scheduler: Scheduler

  init(_ value: consuming sending Value, _ scheduler: Scheduler) {
    content = Mutex(Content(value: value))
    self.scheduler = scheduler
  }

  func use<Result>(
    _ body: (inout Value) throws(StorageError) -> Result
  ) throws(StorageError) -> Result {
    var value = take()
    do throws(StorageError) {
      let result = try body(&value)
      putBack(value)
      return result
    } catch {
      putBack(value)
      throw error
    }
  }

  private func take() -> Value {
    while true {
      if let value = content.withLock({ $0.value.take() }) { return value }
      let event = scheduler.makeEvent()
      let mustWait = content.withLock { content in
        if content.value != nil { return false }
        content.waiting.append(event)
        return true
      }
      if mustWait { event.wait() }
    }
  }

  private func putBack(_ value: consuming Value) {
    var value: Value? = consume value
    let waiting = content.withLock { content in
      content.value = value.take()
      return content.waiting.isEmpty ? nil : content.waiting.removeFirst()
    }
    waiting?.signal()
  }
}
