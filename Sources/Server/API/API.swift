import Basics
import HTTPTypes
package import Hummingbird
import Logging
import NIOCore
import Week1Memory
package import Weeks

/// The HTTP API over an open engine: a request in, an answer out, for every request there can be.
package struct API: HTTPResponder {
  let week: Week
  let engine: EngineHost

  package init(week: Week, engine: EngineHost) {
    self.week = week
    self.engine = engine
  }

  package func respond(to request: Request, context: RequestLogger) async -> Response {
    let response: Response
    do {
      response = try await answer(request, context.logger)
    } catch let refusal as Refusal {
      response = Response(refusal)
    } catch {
      response = Response(Refusal(.internalServerError, "\(error)"))
      log(error, of: request, context.logger)
    }
    return request.method == .head ? response.createHeadResponse() : response
  }

  /// Says what failed, once: every write that is refused after it would only say it again.
  private func log(_ error: any Error, of request: Request, _ logger: Logger) {
    if case .writesStopped? = error as? StorageError { return }
    logger.error("\(request.method) failed: \(error)")
  }

  private func answer(_ request: Request, _ logger: Logger) async throws -> Response {
    let target = request.head.path ?? ""
    guard keyMethods.contains(request.method) || request.method == .delete else {
      throw Refusal.method(allowed: (try? Route(target: target)).map(methods) ?? keyMethods)
    }
    let route = try Route(target: target)
    guard methods(route).contains(request.method) else {
      throw Refusal.method(allowed: methods(route))
    }
    switch route {
    case .start: return startPage(request)
    case .health: return try await health()
    case .stats: return await stats()
    case .metrics: return await metrics()
    case .scan(let query): return try await scan(query, logger)
    case .key(let key): return try await answer(request, key)
    }
  }

  private func answer(_ request: Request, _ key: Key) async throws -> Response {
    switch request.method {
    case .put:
      try await engine.set(key, to: value(of: request))
      return Response(status: .ok)
    case .delete:
      try await engine.delete(key)
      return Response(status: .accepted)
    default:
      guard let value = try await engine.get(key) else { throw Refusal.keyIsAbsent }
      return Response(text: value.text)
    }
  }

  private func value(of request: Request) async throws -> Value {
    do {
      let body = try await request.body.collect(upTo: Value.maximumLength)
      return try Value(Bytes(body.readableBytesView))
    } catch let broken as InvalidInput {
      throw Refusal(.badRequest, "\(broken)")
    } catch is NIOTooManyBytesError {
      throw Refusal.valueIsTooLong(endsConnection: true)
    }
  }
}

// The methods that an address takes.
extension API {
  var keyMethods: [HTTPRequest.Method] {
    week.deletes ? [.get, .head, .put, .delete] : [.get, .head, .put]
  }

  private func methods(_ route: Route) -> [HTTPRequest.Method] {
    switch route {
    case .key: keyMethods
    case .scan: [.get]  // How long its answer is shows only when it has been read.
    case .start, .health, .stats, .metrics: [.get, .head]
    }
  }
}

// The pages.
extension API {
  private func startPage(_ request: Request) -> Response {
    Response(
      text: StartPage(week: week, authority: request.head.authority).description)
  }

  private func health() async throws -> Response {
    if let reason = await engine.writesStopped() {
      throw Refusal(.serviceUnavailable, "\(reason)")
    }
    return Response(text: "ok")
  }

  private func stats() async -> Response {
    var response = Response(text: StatisticsText.json(await engine.statistics()))
    response.headers[.contentType] = "application/json"
    return response
  }

  private func metrics() async -> Response {
    var response = Response(text: StatisticsText.prometheus(await engine.statistics()))
    response.headers[.contentType] = "text/plain; version=0.0.4"
    return response
  }
}
