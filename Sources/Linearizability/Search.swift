/// Looks for an order of the steps of one object, one at a time, in which every read finds what it
/// found, and a step invoked after the response of another also comes after it.
///
/// This is Wing and Gong's search ("Testing and verifying concurrent objects", 1993) with Lowe's
/// memoization ("Testing for linearizability", 2017): a set of steps taken, with the contents they
/// leave, is not tried twice. It walks through the events in order of time. Any step whose
/// invocation comes before the first remaining response may be taken next. When the walk meets that
/// response, every such step has been tried, so the last step taken was a mistake. The time is
/// exponential in the number of concurrent writes at worst, and nearly linear for most histories.
struct Search {
  enum Result {
    case found
    case impossible
    /// There were more states to try than the limit allows.
    case undecided
  }

  /// A writing step that was taken, and the reads taken after it.
  private struct Choice {
    let step: Int
    let before: [Content]
    var reads: [Int]
  }

  private let steps: [Step]
  private var events: EventList
  /// The content of each register after the steps taken.
  private var contents: [Content]
  private var taken: StepSet
  private var demand: Demand
  private var choices: [Choice] = []
  /// The number of answered steps not yet taken. An unanswered one need never be taken.
  private var left: Int
  private var tried: Set<[UInt64]> = []
  private let limit: Int

  /// Tries at most `limit` states.
  init(_ run: Run, limit: Int) {
    steps = Self.relevant(run)
    events = EventList(steps)
    contents = Array(0..<run.registers)
    taken = StepSet(count: steps.count)
    demand = Demand(contents: run.contents)
    for step in steps { demand.add(step) }
    left = steps.count { $0.isAnswered }
    self.limit = limit
  }

  /// Leaves out unanswered steps that write nothing that was ever read: if there is an order with
  /// such a step, there is one without it. They would be concurrent with everything that follows.
  private static func relevant(_ run: Run) -> [Step] {
    var demand = Demand(contents: run.contents)
    for step in run.steps { demand.add(step) }
    return run.steps.filter { step in
      step.isAnswered || step.writes.contains { demand.wants($0.content) }
    }
  }

  /// Runs the search. Call it once.
  mutating func run() -> Result {
    if demand.isHopeless(startingWith: contents) { return .impossible }
    takeReads()
    var event = events.first
    while left > 0 {
      if tried.count >= limit { return .undecided }
      switch event {
      case .invocation(let step)?:
        event = take(step) ? events.first : events.event(afterInvocationOf: step)
      case .response?, nil:
        guard let mistake = giveBack() else { return .impossible }
        event = events.event(afterInvocationOf: mistake)
      }
    }
    return .found
  }
}

extension Search {
  /// Takes a writing step, unless it cannot come next, or was tried after the same steps with the
  /// same outcome. A read that could come next has already been taken.
  private mutating func take(_ index: Int) -> Bool {
    let step = steps[index]
    guard !step.isRead, canRead(step) else { return false }
    demand.remove(step)
    taken.insert(index)
    let after = contents(after: step)
    guard !loses(step), tried.insert(taken.key(with: after)).inserted else {
      taken.remove(index)
      demand.add(step)
      return false
    }
    choices.append(Choice(step: index, before: contents, reads: []))
    contents = after
    detach(index)
    takeReads()
    return true
  }

  /// Takes every read that may come next and finds what it found. There is no alternative to try: a
  /// read changes nothing, so if there is an order for the remaining steps, there is one that
  /// begins with this read.
  private mutating func takeReads() {
    var event = events.first
    while case .invocation(let index)? = event {
      if steps[index].isRead && canRead(steps[index]) {
        demand.remove(steps[index])
        taken.insert(index)
        detach(index)
        if !choices.isEmpty { choices[choices.count - 1].reads.append(index) }
      }
      event = events.event(afterInvocationOf: index)
    }
  }

  /// Undoes the last writing step and the reads after it. Returns nil if there is none.
  private mutating func giveBack() -> Int? {
    guard let choice = choices.popLast() else { return nil }
    for index in choice.reads.reversed() + [choice.step] {
      events.restore(index)
      if steps[index].isAnswered { left += 1 }
      taken.remove(index)
      demand.add(steps[index])
    }
    contents = choice.before
    return choice.step
  }

  private mutating func detach(_ index: Int) {
    events.remove(index)
    if steps[index].isAnswered { left -= 1 }
  }

  private func canRead(_ step: Step) -> Bool {
    step.reads.allSatisfy { contents[$0.register] == $0.content }
  }

  /// Whether the step overwrites something that has yet to be read and cannot be written again.
  private func loses(_ step: Step) -> Bool {
    step.writes.contains { write in
      let old = contents[write.register]
      return old != write.content && demand.needs(old)
    }
  }

  private func contents(after step: Step) -> [Content] {
    var after = contents
    for write in step.writes { after[write.register] = write.content }
    return after
  }
}
