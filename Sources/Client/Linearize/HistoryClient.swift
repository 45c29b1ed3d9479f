import Linearizability
import Scenarios

/// A connection that sends one random operation after another, and records each.
struct HistoryClient: Sendable {
  private let transport: Transport
  private let recorder: HistoryRecorder<String>
  private let keys: [Key]
  private let plan: HistoryPlan
  private var random: SplitMix64
  /// Its number in the history.
  private var number: Int
  private var sequence = 0

  /// The client with a number in 1...connections.
  init(
    _ number: Int, over transport: Transport, keys: [Key], _ recorder: HistoryRecorder<String>,
    plan: HistoryPlan, seed: UInt64
  ) {
    self.number = number
    self.transport = transport
    self.keys = keys
    self.recorder = recorder
    self.plan = plan
    random = SplitMix64(seed: seed)
  }

  /// Performs one operation. Returns whether it was answered.
  mutating func perform() async throws(StrangeAnswer) -> Bool {
    if random.oneIn(2) { return try await get(keys[random.below(keys.count)]) }
    if plan.batches && random.oneIn(4) { return try await write(nextWrites(2 + random.below(2))) }
    return try await write(nextWrites(1))
  }

  /// Reads `key`.
  mutating func get(_ key: Key) async throws(StrangeAnswer) -> Bool {
    let token = recorder.invoke(client: number)
    let answer = await transport.send(.get(key, Expectation([.absent]))).answer
    if case .none = answer { return notAnswered() }
    guard let state = State(answer) else { throw StrangeAnswer("GET \(key.text)", answer) }
    recorder.respond(token, reads: [key.text: state.value])
    return true
  }

  private mutating func write(_ writes: [Write]) async throws(StrangeAnswer) -> Bool {
    let states = writes.map { ($0.key.text, $0.state.value) }
    let token = recorder.invoke(
      client: number, writes: Dictionary(uniqueKeysWithValues: states))
    let answer = await send(writes)
    switch answer {
    case .none: return notAnswered()
    case .reply(200...299, _): recorder.respond(token)
    case .reply: throw StrangeAnswer(writes.map(\.line).joined(separator: ", "), answer)
    }
    return true
  }

  private func send(_ writes: [Write]) async -> Answer {
    if writes.count == 1 { return await transport.send(writes[0].request).answer }
    return await transport.post(writes.map { $0.line + "\n" }.joined(), to: "/-/batch")
  }

  /// The operation may never end, so from now on this counts as another client.
  private mutating func notAnswered() -> Bool {
    number += plan.connections
    return false
  }
}

// What it writes: no value twice.
extension HistoryClient {
  /// Keys linked by batches are decided as one object, and its number of possible orders grows with
  /// the requests of all its keys. So batches stay within groups of this many neighbouring keys.
  private static let groupSize = 3

  private mutating func nextWrites(_ count: Int) -> [Write] {
    let first = random.below(keys.count)
    if count == 1 { return [Write(keys[first], nextState())] }
    let start = first - first % Self.groupSize
    var left = Array(keys[start...].prefix(Self.groupSize))
    return (0..<min(count, left.count)).map { _ in
      Write(left.remove(at: random.below(left.count)), nextState())
    }
  }

  private mutating func nextState() -> State {
    if plan.deletes && random.oneIn(4) { return .absent }
    sequence += 1
    return .value("\(number).\(sequence)")
  }
}

extension Write {
  /// The write as a line of a batch. Nothing in it needs escaping.
  fileprivate var line: String {
    switch state {
    case .value(let value): "PUT \(key.text) \(value)"
    case .absent: "DELETE \(key.text)"
    }
  }
}

extension State {
  /// Nil if the key is absent.
  fileprivate var value: String? {
    if case .value(let value) = self { value } else { nil }
  }
}

/// An answer that is neither success nor failure: the history learns nothing from it.
package struct StrangeAnswer: Error, CustomStringConvertible {
  package let request: String
  package let answer: Answer

  init(_ request: String, _ answer: Answer) {
    self.request = request
    self.answer = answer
  }

  package var description: String {
    let isUnknownDelete = request.contains("DELETE") && answer.status == 405
    return "\(request) was answered with \(answer)"
      + (isUnknownDelete ? "; --no-delete leaves DELETE out" : "")
  }
}
