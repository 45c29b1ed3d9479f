import Week1Memory

/// The state of a store as a user sees it.
typealias Contents = [Key: Value]

/// The model: what was written, in order, and how much of it must be there.
struct History: Sendable {
  /// The writes of one call, which happen all or none. A nil value is a delete.
  struct Write: Sendable {
    let rows: [(key: Key, value: Value?)]

    func apply(to contents: inout Contents) {
      for row in rows { contents[row.key] = row.value }
    }
  }

  /// How many of the writes, counted from the first, a state may hold.
  struct Bounds: Hashable, Sendable {
    /// The writes that must survive a power failure.
    var durable = 0
    /// The writes that must survive a kill: all that were acknowledged.
    var acknowledged = 0
    /// All writes requested: no state can hold more.
    var accepted = 0
  }

  private let base: Contents
  private(set) var writes: [Write] = []
  private(set) var bounds = Bounds()

  init(from base: Contents = [:]) {
    self.base = base
  }

  mutating func accept(_ key: Key, _ value: Value?) {
    accept([(key, value)])
  }

  mutating func accept(_ rows: [(key: Key, value: Value?)]) {
    writes.append(Write(rows: rows))
    bounds.accepted = writes.count
  }

  mutating func acknowledge() {
    bounds.acknowledged = writes.count
  }

  /// From now on everything acknowledged so far also survives a power failure.
  mutating func makeDurable() {
    bounds.durable = bounds.acknowledged
  }

  func contents(after count: Int) -> Contents {
    var contents = base
    for write in writes[..<count] { write.apply(to: &contents) }
    return contents
  }

  /// The shortest prefix of the writes, with a length in `range`, that leaves `observed`. Nil if
  /// there is none: then there is a hole, or something is lost, half there, or back.
  func prefix(leaving observed: Contents, in range: ClosedRange<Int>) -> Int? {
    var contents = contents(after: range.lowerBound)
    for count in range {
      if contents == observed { return count }
      if count < range.upperBound { writes[count].apply(to: &contents) }
    }
    return nil
  }

  /// What is wrong with `observed`, which should hold at least `least` of the writes and at most
  /// `most`; nil if nothing is.
  func fault(in observed: Contents, atLeast least: Int, atMost most: Int) -> String? {
    if prefix(leaving: observed, in: least...most) != nil { return nil }
    if let found = prefix(leaving: observed, in: 0...writes.count) {
      return "the state is that after \(found) writes, and should be that after \(least) to \(most)"
    }
    let expected = contents(after: most)
    let differences = Workload.keys.filter { expected[$0] != observed[$0] }.map { key in
      "\(key) is \(Self.text(observed[key])), not \(Self.text(expected[key]))"
    }
    return "the state is that after no prefix of the \(writes.count) writes; against the longest, "
      + differences.joined(separator: ", ")
  }

  private static func text(_ value: Value?) -> String {
    value.map { $0.text.prefix(6).debugDescription } ?? "absent"
  }
}
