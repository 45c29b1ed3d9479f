package import Logging
import NIOCore
import NIOHTTP1
import Week1Memory
package import Weeks

/// What the server offers over HTTP: the store of a week, and pages about it.
package struct API: Sendable {
  let routes: Routes
  let threads: StoreThreads
  let logger: Logger

  package init(week: Week, threads: StoreThreads, logger: Logger) {
    routes = Routes(week: week)
    self.threads = threads
    self.logger = logger
  }

  /// Carries out a request whose body has arrived, and returns what came of it. Nil if the store has
  /// to be waited for: then `completion` is called on `loop`. The pages never wait.
  func perform(
    _ request: IncomingRequest, on loop: any EventLoop,
    completion: @escaping @Sendable (Outcome) -> Void
  ) -> Outcome? {
    switch request.route {
    case .failure(let refusal): return .refused(refusal)
    case .success(.start):
      let page = StartPage(week: routes.week, authority: request.authority)
      return .page(page.description, contentType: "text/plain")
    case .success(.health): return health
    case .success(.stats):
      let json = StatisticsText.json(threads.store.statistics)
      return .page(json, contentType: "application/json")
    case .success(.metrics):
      let samples = StatisticsText.prometheus(threads.store.statistics)
      return .page(samples, contentType: "text/plain; version=0.0.4")
    case .success(.get(let key)):
      return threads.call(on: loop, completion) { (store) throws(StorageError) in
        .value(try store.get(key))
      }
    case .success(.set(let key)):
      return set(key, request, on: loop, completion)
    case .success(.delete(let key)):
      return threads.call(on: loop, completion) { (store) throws(StorageError) in
        try store.delete(key)
        return .deleted
      }
    case .success(.scan(let query)):
      return threads.call(on: loop, completion) { (store) throws(StorageError) in
        try Self.firstKeys(of: query, store)
      }
    }
  }

  private func set(
    _ key: Key, _ request: IncomingRequest, on loop: any EventLoop,
    _ completion: @escaping @Sendable (Outcome) -> Void
  ) -> Outcome? {
    let value: Value
    do throws(Refusal) {
      value = try request.value()
    } catch {
      return .refused(error)
    }
    return threads.call(on: loop, completion) { (store) throws(StorageError) in
      try store.set(key, to: value)
      return .stored
    }
  }

  /// The first piece is read before the head is sent: most scans end with it, and most failures come
  /// to light by then.
  private static func firstKeys(
    of query: ScanQuery, _ store: any Store
  ) throws(StorageError) -> Outcome {
    var keys = ScannedKeys(try store.scan(from: query.start, to: query.end), limit: query.limit)
    let first = try keys.next()
    return keys.isFinished ? .keys(first) : .firstKeys(first, keys)
  }

  private var health: Outcome {
    if let reason = threads.store.writesStopped {
      return .refused(Refusal(.serviceUnavailable, "\(reason)"))
    }
    return .page("ok", contentType: "text/plain")
  }
}
