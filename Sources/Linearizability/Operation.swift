/// One operation on a store whose keys are registers: at one moment it reads some keys and writes some.
///
/// A get reads one key, and a snapshot or a multi-get several; a set or a delete writes one, and a
/// batch several. An operation that does both, such as a successful compare-and-set, reads first.
package struct Operation<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The client, only to explain results to a person: the times decide what followed what.
  package let client: Int
  /// What it found; nil for an absent key. Empty if no answer came.
  package var reads: [String: Value?]
  /// What it wrote; nil for a key that it deleted.
  package let writes: [String: Value?]
  /// When it was invoked, on a clock that never goes backwards.
  package let invocation: Int
  /// When it was answered, not before `invocation`. Nil if no answer ever came: then it may have
  /// taken effect at any time after its invocation, or never.
  package var response: Int?

  /// An operation that was answered; without a `response`, one that was not.
  package init(
    client: Int, reads: [String: Value?] = [:], writes: [String: Value?] = [:], invocation: Int,
    response: Int?
  ) {
    self.client = client
    self.reads = reads
    self.writes = writes
    self.invocation = invocation
    self.response = response
  }
}

extension Operation: Codable where Value: Codable {}

extension Operation {
  /// Every key that the operation touches, once.
  var keys: Set<String> { Set(reads.keys).union(writes.keys) }

  /// Whether it was answered before `other` was invoked. Two operations neither of which precedes
  /// the other are concurrent: their order is open.
  func precedes(_ other: Operation) -> Bool {
    response.map { $0 < other.invocation } ?? false
  }

  /// The operation as of `time`: without an answer that came later.
  func asOf(_ time: Int) -> Operation {
    guard let response, response > time else { return self }
    return Operation(client: client, writes: writes, invocation: invocation, response: nil)
  }
}
