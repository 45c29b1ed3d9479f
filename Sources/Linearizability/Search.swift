/// Looks for an order of the steps of one object, one at a time, in which every read finds what it
/// found and no step comes after another one that was asked for only when it had been answered.
///
/// This is Wing and Gong's search ("Testing and verifying concurrent objects", 1993) with Lowe's
/// memory ("Testing for linearizability", 2017): a set of steps taken, with the contents they leave, is
/// not tried twice. It goes through the events in the order of their times. A step whose invocation
/// comes before the first response that is left may be taken next; when that response is met, every
/// such step has been tried, and the last one taken was a mistake. The time is exponential in the
/// number of concurrent writes at worst, and near to linear for most histories.
struct Search {
  enum Result {
    case found
    case impossible
    /// There were more states to try than the limit allows.
    case undecided
  }

  /// A step that writes, as it was taken, and the reads taken after it.
  private struct Choice {
    let step: Int
    let before: [Content]
    var reads: [Int]
  }

  private let steps: [Step]
  private var events: EventList
  /// What each register holds after the steps taken.
  private var contents: [Content]
  private var taken: StepSet
  private var demand: Demand
  private var choices: [Choice] = []
  /// How many steps that were answered are not taken. One that was not answered need never be.
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

  /// Leaves out the steps without an answer that write nothing that was ever read: where there is an
  /// order with such a step, there is one without it. They would be concurrent with all that follows.
  private static func relevant(_ run: Run) -> [Step] {
    var demand = Demand(contents: run.contents)
    for step in run.steps { demand.add(step) }
    return run.steps.filter { step in
      step.isAnswered || step.writes.contains { demand.wants($0.content) }
    }
  }

  /// Searches; once.
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
  /// Takes a step that writes, unless it cannot come next or was tried with the same steps before it
  /// and the same outcome. A read that could come next has been taken already.
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

  /// Takes every read that may come next and finds what it found. There is nothing else to try: a read
  /// changes nothing, so if there is an order for the steps that are left, there is one that begins
  /// with this read.
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

  /// Gives back the last step that writes and the reads after it. Returns nil if there is none.
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

  /// Whether the step overwrites what is still to be read and cannot come again.
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
