import Scenarios

/// A connection of the recorded server's, and the keys that it alone writes.
struct Writer: Sendable {
  let number: Int
  let keys: [Key]
  private var random: SplitMix64
  private var sequence = 0
  private let mark: String

  init(number: Int, keys: Int, seed: UInt64) {
    self.number = number
    self.keys = (0..<keys).map { Key(lowercaseLetters: "powerloss.\(number).\($0)") }
    random = SplitMix64(seed: seed)
    mark = "\(number)"
  }

  /// The keys are written one after another first, so that each of them holds something.
  mutating func next(deletes: Bool) -> Write {
    sequence += 1
    let key = sequence <= keys.count ? keys[sequence - 1] : keys[random.below(keys.count)]
    if deletes && sequence > 4 && random.oneIn(5) { return Write(key, .absent) }
    let padding = String(repeating: "x", count: length())
    return Write(key, .value("\(mark).\(sequence).\(padding)."))
  }

  /// Short values, some of several sectors, a few of several pages.
  private mutating func length() -> Int {
    if random.oneIn(40) { return random.below(12_000) }
    return random.below(random.oneIn(12) ? 3_000 : 60)
  }
}

/// One round of writes to the recorded server.
struct Load: Sendable {
  /// How many writes each connection sends.
  let writes: Int
  let deletes: Bool
  /// When it ends, though fewer were sent; nil for never.
  var end: ContinuousClock.Instant?

  /// Sends them over all connections at once. A connection that gets no answer sends nothing more.
  func run(_ writers: inout [Writer], over callers: inout [Caller]) async -> [SentWrite] {
    let results = await withTaskGroup(of: (Int, Writer, Caller, [SentWrite]).self) { group in
      for (index, (writer, caller)) in zip(writers, callers).enumerated() {
        group.addTask {
          var (writer, caller) = (writer, caller)
          let sent = await run(&writer, over: &caller)
          return (index, writer, caller, sent)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for (index, writer, caller, _) in results {
      (writers[index], callers[index]) = (writer, caller)
    }
    return results.flatMap(\.3)
  }

  private func run(_ writer: inout Writer, over caller: inout Caller) async -> [SentWrite] {
    var sent: [SentWrite] = []
    for _ in 0..<writes {
      let write = writer.next(deletes: deletes)
      let call = await caller.write(write)
      sent.append(SentWrite(write, over: writer.number, call))
      if case .none = call.answer { break }
      if let end, ContinuousClock.now > end { break }
    }
    return sent
  }
}
