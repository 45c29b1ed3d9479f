import Dispatch
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension Scheduler {
  /// Threads of this process. They are reused, so there are as many as ever worked at the same time.
  public static let threads = Scheduler(
    run: { ThreadPool.shared.run($0) },
    makeEvent: {
      let semaphore = DispatchSemaphore(value: 0)
      return Event(wait: { semaphore.wait() }, signal: { semaphore.signal() })
    },
    pause: { duration in
      let (seconds, attoseconds) = duration.components
      usleep(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
    })
}

/// Threads that wait for work. Their number is not limited: the work here waits for disks, and the
/// engine bounds how much of it there is.
private final class ThreadPool: Sendable {
  static let shared = ThreadPool()

  private struct Content: Sendable {
    var work: [@Sendable () -> Void] = []
    var idle = 0
  }

  private let content = Mutex(Content())
  private let arrived = DispatchSemaphore(value: 0)

  func run(_ work: @escaping @Sendable () -> Void) {
    let isTaken = content.withLock { content in
      content.work.append(work)
      if content.idle == 0 { return false }
      content.idle -= 1
      return true
    }
    if isTaken { arrived.signal() } else { startThread { self.workForever() } }
  }

  private func workForever() {
    while true {
      let work = content.withLock { content in
        if content.work.isEmpty {
          content.idle += 1
          return nil as (@Sendable () -> Void)?
        }
        return content.work.removeFirst()
      }
      if let work { work() } else { arrived.wait() }
    }
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}

/// The thread that asks.
enum CurrentThread {
  /// A number below `count`, a power of two, that stays the same for a thread. Other threads may have it too.
  static func number(below count: Int) -> Int {
    #if canImport(Darwin)
      let thread = UInt(bitPattern: pthread_self())
    #else
      let thread = pthread_self()
    #endif
    // It is the address of something large, so its lower bits say little: a multiplication stirs them.
    return Int(truncatingIfNeeded: (UInt64(thread) &* 0x9e37_79b9_7f4a_7c15) >> 32) & (count - 1)
  }
}

/// Starts a thread of the system. It has 8 MiB of stack on Linux and 512 KiB on Darwin; nothing here
/// recurses.
private func startThread(_ run: @escaping @Sendable () -> Void) {
  #if canImport(Darwin)
    var thread: pthread_t?
  #else
    var thread = pthread_t()
  #endif
  let body = unsafe Unmanaged.passRetained(ThreadBody(run)).toOpaque()
  let code = unsafe pthread_create(
    &thread, nil,
    { body in
      #if canImport(Darwin)
        let opaque = unsafe body
      #else
        guard let opaque = unsafe body else { return nil }
      #endif
      unsafe Unmanaged<ThreadBody>.fromOpaque(opaque).takeRetainedValue().run()
      return nil
    }, body)
  precondition(code == 0, "the system starts no thread: \(code)")
  #if canImport(Darwin)
    if let thread = unsafe thread { unsafe pthread_detach(thread) }
  #else
    pthread_detach(thread)
  #endif
}
