/// One operation on a store whose keys are registers: at one moment it reads some keys and writes some.
///
/// A get reads one key, and a snapshot or a multi-get several; a set or a delete writes one, and a
/// batch several. An operation that does both, such as a compare-and-set that succeeded, reads first.
package struct Operation<Value: Hashable & Sendable>: Hashable, Sendable {
  /// Who asked for it. Only for the reader of an explanation: the times say what followed what.
  package let client: Int
  /// What it found, nil for a key that is absent. Empty when no answer came.
  package var reads: [String: Value?]
  /// What it wrote, nil for a key that it deleted.
  package let writes: [String: Value?]
  /// When it was asked for, on a clock that never goes back.
  package let invocation: Int
  /// When it was answered, not before `invocation`. nil if no answer ever came: then it may have taken
  /// effect at any time after its invocation, or never.
  package var response: Int?

  /// An operation that was answered, or, without a `response`, one that was not.
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
  /// Every key that it touches, once.
  var keys: Set<String> { Set(reads.keys).union(writes.keys) }

  /// Whether it was answered before `other` was asked for. Of two operations that both may say so of
  /// neither, the order is open: they are concurrent.
  func precedes(_ other: Operation) -> Bool {
    response.map { $0 < other.invocation } ?? false
  }

  /// The operation as it stood at `time`: an answer that came later had not come.
  func asOf(_ time: Int) -> Operation {
    guard let response, response > time else { return self }
    return Operation(client: client, writes: writes, invocation: invocation, response: nil)
  }
}
