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

  /// Carries out a request whose body has arrived, and calls `completion` on `loop` with what came of
  /// it. The pages never wait for the store.
  func perform(
    _ request: IncomingRequest, on loop: any EventLoop,
    completion: @escaping @Sendable (Outcome) -> Void
  ) {
    let logged: @Sendable (Outcome) -> Void = { [logger] outcome in
      if case .failed(let error) = outcome { Self.log(error, logger) }
      completion(outcome)
    }
    switch request.route {
    case .failure(let refusal): completion(.refused(refusal))
    case .success(.start):
      let page = StartPage(week: routes.week, authority: request.authority)
      completion(.page(page.description, contentType: "text/plain"))
    case .success(.health): completion(health)
    case .success(.stats):
      let json = StatisticsText.json(threads.store.statistics)
      completion(.page(json, contentType: "application/json"))
    case .success(.metrics):
      let samples = StatisticsText.prometheus(threads.store.statistics)
      completion(.page(samples, contentType: "text/plain; version=0.0.4"))
    case .success(.get(let key)):
      threads.call(
        on: loop, { (store) throws(StorageError) in .value(try store.get(key)) }, completion: logged
      )
    case .success(.set(let key)):
      set(key, request, on: loop, completion: logged)
    case .success(.delete(let key)):
      threads.call(
        on: loop,
        { (store) throws(StorageError) in
          try store.delete(key)
          return .deleted
        }, completion: logged)
    case .success(.scan(let query)):
      threads.call(
        on: loop, { (store) throws(StorageError) in try Self.firstKeys(of: query, store) },
        completion: logged)
    }
  }

  private func set(
    _ key: Key, _ request: IncomingRequest, on loop: any EventLoop,
    completion: @escaping @Sendable (Outcome) -> Void
  ) {
    let value: Value
    do throws(Refusal) {
      value = try request.value()
    } catch {
      return completion(.refused(error))
    }
    threads.call(
      on: loop,
      { (store) throws(StorageError) in
        try store.set(key, to: value)
        return .stored
      }, completion: completion)
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

  /// Says what failed, once: every write that is refused after it would only say it again.
  private static func log(_ error: StorageError, _ logger: Logger) {
    if case .writesStopped = error { return }
    logger.error("a request failed: \(error)")
  }
}
