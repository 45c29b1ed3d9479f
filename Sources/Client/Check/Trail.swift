import Scenarios

/// What a check has done, as far as it helps to understand a mistake.
struct Trail: Sendable {
  fileprivate enum Deed: Equatable, Sendable {
    case request(Request)
    case event(String)
  }
  fileprivate struct Step: Sendable {
    let number: Int
    let deed: Deed
  }

  /// How many steps there were.
  var count: Int { steps }
  private var steps = 0
  private var requests: [Key: [Step]] = [:]
  private var events: [Step] = []
  private var latest: [Step] = []

  /// How many steps of one key, and of all keys, are remembered.
  private static let ofOneKey = 3
  private static let ofAllKeys = 6

  /// Notes a request that got a right answer.
  mutating func add(_ request: Request) {
    let step = next(.request(request))
    guard let key = request.key else { return }
    // The same read once more says nothing new.
    if case .get = request, requests[key]?.last?.deed == .request(request) { return }
    requests[key, default: []].append(step, keeping: Self.ofOneKey)
  }

  /// Notes what happened to the server as a whole. Its first line is put into brackets.
  mutating func add(_ event: String) {
    let end = event.firstIndex(of: "\n") ?? event.endIndex
    add(line: "(\(event[..<end]))\(event[end...])")
  }

  /// Notes a request that is none of ours, as it was sent.
  mutating func add(line: String) {
    events.append(next(.event(line)), keeping: Self.ofAllKeys)
  }

  /// The steps that lead to `request`, and it, a line each: those with `key` or its own, or else the latest
  /// ones, and what happened to the server meanwhile.
  func lines(to request: Request, about key: Key? = nil, at endpoint: Endpoint) -> [String] {
    var steps = (key ?? request.key).map { requests[$0] ?? [] } ?? latest
    let first = steps.first?.number ?? 0
    steps = steps.filter(\.isRequest) + events.filter { $0.number > first }
    steps.sort { $0.number < $1.number }
    return steps.flatMap { $0.lines(at: endpoint) } + [request.line(at: endpoint)]
  }

  /// Whether the latest steps have what was done to `key` last.
  func isLatest(_ key: Key) -> Bool {
    guard let last = requests[key]?.last else { return true }
    return latest.contains { $0.number == last.number }
  }

  /// What happened to the server as a whole.
  var eventLines: [String] { events.flatMap(\.eventLines) }

  private mutating func next(_ deed: Deed) -> Step {
    steps += 1
    let step = Step(number: steps, deed: deed)
    latest.append(step, keeping: Self.ofAllKeys)
    return step
  }
}

extension Trail.Step {
  fileprivate var isRequest: Bool {
    if case .request = deed { true } else { false }
  }

  fileprivate func lines(at endpoint: Endpoint) -> [String] {
    switch deed {
    case .request(let request): [request.line(at: endpoint)]
    case .event: eventLines
    }
  }

  /// Empty for a request.
  fileprivate var eventLines: [String] {
    guard case .event(let text) = deed else { return [] }
    return text.split(separator: "\n").map(String.init)
  }
}

extension Array {
  fileprivate mutating func append(_ element: Element, keeping limit: Int) {
    if count >= limit { removeFirst(count - limit + 1) }
    append(element)
  }
}

extension Request {
  /// nil for a scan.
  var key: Key? {
    switch self {
    case .put(let key, _), .get(let key, _), .delete(let key): key
    case .scan: nil
    }
  }

  /// It as it goes over the wire: method, target, and the body if it has one.
  func line(at endpoint: Endpoint) -> String {
    let target = Brief.target(endpoint.target(of: self))
    return switch self {
    case .put(_, let value): "PUT \(target) \(Brief.quoted(value.utf8))"
    case .delete: "DELETE \(target)"
    case .get, .scan: "GET \(target)"
    }
  }
}
