package import Scenarios

/// A PUT or DELETE that was sent to the recorded server.
package struct SentWrite: Sendable {
  /// Counted from 1, over all rounds and connections.
  package var number = 0
  package let write: Write
  package let connection: Int
  package let call: Caller.Call
  /// The moment from which it counts as answered; nil if it was not acknowledged.
  package var answered: Int?

  /// A write that was sent over a connection.
  package init(_ write: Write, over connection: Int, _ call: Caller.Call) {
    self.write = write
    self.connection = connection
    self.call = call
  }

  var isAcknowledged: Bool {
    if case .reply(200...299, _) = call.answer { true } else { false }
  }

  /// `PUT powerloss.1.7`
  var name: String { "\(write.request.kind.rawValue) \(write.key.text)" }
}

/// What every key may hold at any moment of a recording.
package struct WriteHistory: Sendable {
  private(set) var writes: [SentWrite] = []
  /// The writes of each key, in the order in which they were sent: one connection sends them.
  private var writesOfKey: [Key: [Int]] = [:]

  /// In the order in which they were sent.
  package init(_ sent: [SentWrite]) {
    for var write in sent.sorted(by: { $0.call.sent < $1.call.sent }) {
      write.number = writes.count + 1
      writesOfKey[write.write.key, default: []].append(writes.count)
      writes.append(write)
    }
  }

  /// What a key may hold.
  package struct Allowance: Sendable {
    /// The last write that was acknowledged, if there is one.
    package private(set) var acknowledged: SentWrite?
    /// The writes that were sent after that.
    package private(set) var doubtful: [SentWrite]
    /// The writes before it.
    package private(set) var old: [SentWrite]

    /// Takes one more write into account, which came after all others and was acknowledged.
    mutating func add(_ write: SentWrite) {
      old += (acknowledged.map { [$0] } ?? []) + doubtful
      (acknowledged, doubtful) = (write, [])
    }

    func allows(_ state: State) -> Bool {
      if doubtful.contains(where: { $0.write.state == state }) { return true }
      return state == (acknowledged?.write.state ?? .absent)
    }
  }

  /// At a moment, which is at a time in nanoseconds since 1970.
  package func allowance(of key: Key, at moment: Int, time: UInt64) -> Allowance {
    let sent = (writesOfKey[key] ?? []).map { writes[$0] }.filter { $0.call.sent <= time }
    let last = sent.lastIndex { $0.answered.map { $0 <= moment } ?? false }
    return Allowance(
      acknowledged: last.map { sent[$0] }, doubtful: Array(sent[((last ?? -1) + 1)...]),
      old: Array(sent[..<(last ?? 0)]))
  }

  /// The keys that may hold something at a time, the one that was written last first; no more than
  /// `limit` of them.
  package func keys(at time: UInt64, atMost limit: Int = .max) -> [Key] {
    var seen: Set<Key> = []
    var keys: [Key] = []
    for write in writes.reversed() where write.call.sent <= time {
      guard seen.insert(write.write.key).inserted else { continue }
      keys.append(write.write.key)
      if keys.count == limit { break }
    }
    return keys
  }

  /// The write that a moment acknowledges, or the last one that was acknowledged before it.
  func lastAnswered(at moment: Int) -> SentWrite? {
    writes.filter { $0.answered.map { $0 <= moment } ?? false }.max {
      ($0.answered ?? 0) < ($1.answered ?? 0)
    }
  }
}
