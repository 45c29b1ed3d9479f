import NIOHTTP1
import Scenarios

// What a check asks, and what has to come.
extension CheckedServer {
  /// Sets a key of this check. Any 2xx is right, and only 200 if `strictly`.
  func put(_ name: String, _ value: String, strictly: Bool = false) async throws {
    try await ask(.put(key(name), value: value), strictly: strictly)
  }

  /// The key must have this value, or be absent if that is nil.
  func get(_ name: String, is value: String?) async throws {
    try await get(key(name), is: value.map { .value($0) } ?? .absent)
  }

  func get(_ key: Key, is state: State) async throws {
    try await ask(.get(key, Expectation([state])))
  }

  /// Deletes a key of this check. Any 2xx is right, and only 202 if `strictly`.
  func delete(_ name: String, strictly: Bool = false) async throws {
    try await ask(.delete(key(name)), strictly: strictly)
  }

  /// A scan of keys of this check must list `names`, in this order.
  func scan(_ from: String, _ to: String, is names: [String]) async throws {
    let keys = names.map(spelled).joined(separator: ",")
    try await ask(.scan(from: key(from), to: key(to), keys: keys))
  }

  /// The time by which a system delays the second part of an answer: about 40 ms.
  private static let delay = Duration.milliseconds(38)...Duration.milliseconds(55)

  /// Sends `request`, whose answer must be right.
  func ask(_ request: Request, strictly: Bool = false, hint: String? = nil) async throws {
    let site = try await site()
    let exchange = await site.transport.send(request)
    let answer = exchange.answer
    try Task.checkCancellation()
    if Self.delay.contains(exchange.latency) { delays += 1 }
    if Judge(isStrict: strictly).accepts(answer, to: request) { return trail.add(request) }
    let difference = ScanDifference(answer, to: request)
    if let difference, !difference.isShown {
      throw mistake(difference, in: request, at: site.endpoint, hint: hint)
    }
    let key = difference.flatMap { try? Key($0.key) }.flatMap { trail.isLatest($0) ? nil : $0 }
    throw Mistake(
      sent: trail.lines(to: request, about: key, at: site.endpoint),
      expected: Brief.expectation(of: request, isStrict: strictly),
      came: await text(of: answer, to: request), hint: hint)
  }

  /// A long scan is wrong: what matters is the history of the first key that is.
  private func mistake(
    _ difference: ScanDifference, in request: Request, at endpoint: Endpoint, hint: String?
  ) -> Mistake {
    Mistake(
      sent: trail.lines(to: request, about: try? Key(difference.key), at: endpoint),
      expected: difference.expected, came: difference.came, hint: hint)
  }

  private func text(of answer: Answer, to request: Request) async -> String {
    var text = await text(of: answer)
    if case .get(_, let expectation) = request, case .reply(200, let body) = answer,
      expectation.values.count == 1,
      let difference = Brief.difference(body, from: expectation.values[0])
    {
      text += "; \(difference)"
    }
    return text
  }

  /// The answer, or why there is none: that the server has ended says more than that. An answer that comes
  /// all the same is from another program, which has taken the port between two starts.
  func text(of answer: Answer) async -> String {
    let isMissing = if case .none = answer { true } else { false }
    guard let process = try? await site().process,
      let exit = await process.exit(within: .milliseconds(isMissing ? 1_000 : 200))
    else { return Brief.text(of: answer) }
    let end = Self.text(of: exit, process.lastWords)
    return isMissing ? end : "\(Brief.text(of: answer)) from another program, and \(end)"
  }
}

// Requests that no scenario can say.
extension CheckedServer {
  /// Sends `body` to `target`, which must be answered with one of these codes.
  @discardableResult
  func send(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil, answers codes: Int...,
    hint: String? = nil
  ) async throws -> Exchange {
    let exchange = try await site().transport.send(method, target, body)
    if case .reply(let status, _) = exchange.answer, codes.contains(status) {
      trail.add(line: Self.line(method, target, body))
      return exchange
    }
    throw await mistake(
      method, target, body, expected: codes.map(String.init).joined(separator: " or "), exchange,
      hint: hint)
  }

  /// What is wrong with the answer to a request.
  func mistake(
    _ method: HTTPMethod, _ target: String, _ body: [UInt8]? = nil, expected: String,
    _ exchange: Exchange, came: String? = nil, hint: String? = nil
  ) async -> Mistake {
    let answer = await text(of: exchange.answer)
    return Mistake(
      sent: [Self.line(method, target, body)], expected: expected,
      came: came.map { "\(answer), and \($0)" } ?? answer,
      hint: hint)
  }

  private static func line(_ method: HTTPMethod, _ target: String, _ body: [UInt8]?) -> String {
    let body = body.map { " " + Brief.quoted($0) } ?? ""
    return "\(method.rawValue) \(Brief.target(target))\(body)"
  }

  /// Sends `body` as a PUT, which must be refused with `code` and store nothing.
  func putIsRefused(_ target: String, _ body: [UInt8], with code: Int) async throws {
    try await send(.PUT, target, body, answers: code)
    try await send(.GET, target, answers: 404, hint: "what is refused must not be stored")
  }
}
