package import Logging
import NIOCore
import NIOHTTP1
import Week1Memory
package import Weeks

/// What the server offers over HTTP: the store of a week, and pages about it.
package struct API: Sendable {
  let routes: Routes
  let threads: StoreThreads
  let mailboxes = Mailboxes()
  let batches: BatchMemory
  let logger: Logger

  package init(
    week: Week, threads: StoreThreads, logger: Logger, batches: BatchMemory = BatchMemory()
  ) {
    routes = Routes(week: week)
    self.threads = threads
    self.logger = logger
    self.batches = batches
  }

  /// Carries out a request whose body has arrived, and returns the outcome; or returns nil if the
  /// store takes time, and sends the outcome to `reply` later. The pages never wait.
  func perform(_ request: IncomingRequest, _ reply: Reply) -> Outcome? {
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
      if let name = request.snapshot { return get(key, from: name, reply) }
      return threads.get(key, reply)
    case .success(.set(let key)): return set(key, request, reply)
    case .success(.delete(let key)): return threads.delete(key, reply)
    case .success(.scan(let query)): return scan(query, of: request.snapshot, reply)
    case .success(.batch): return write(request, reply)
    case .success(.takeSnapshot): return takeSnapshot(reply)
    case .success(.releaseSnapshot(let name)): return releaseSnapshot(name, reply)
    }
  }

  func response(to outcome: Outcome) -> Response {
    Response(outcome, anyBytes: routes.week.takesAnyBytes)
  }

  private func set(_ key: Key, _ request: IncomingRequest, _ reply: Reply) -> Outcome? {
    do throws(Refusal) {
      return threads.set(key, to: try request.value(routes.week), reply)
    } catch {
      return .refused(error)
    }
  }

  private var health: Outcome {
    if let reason = threads.store.writesStopped {
      return .refused(Refusal(.serviceUnavailable, "\(reason)"))
    }
    return .page("ok", contentType: "text/plain")
  }
}
