extension Run {
  /// Whether the steps are known to have no order.
  func isImpossible(stateLimit: Int) -> Bool {
    var search = Search(self, limit: stateLimit)
    return search.run() == .impossible
  }

  /// The run as of `time`: without anything that came later.
  func asOf(_ time: Int) -> Run {
    var run = self
    run.steps = steps.filter { $0.invocation <= time }.map { $0.asOf(time) }
    return run
  }

  /// The time of the first answer after which there is no order, for a run that has none. (A run
  /// with an order has one at every earlier time, so this is a binary search. If the limit leaves a
  /// time undecided, it may return a later one.)
  func firstImpossibleTime(stateLimit: Int) -> Int {
    let times = steps.compactMap(\.response).sorted()
    var (low, high) = (0, times.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if asOf(times[middle]).isImpossible(stateLimit: stateLimit) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return times[high]
  }

  /// Removes steps from a run that has no order, as long as it still has none. Tries halves first,
  /// and single steps last.
  func shrunk(stateLimit: Int) -> Run {
    var run = self
    var size = run.steps.count
    while size > 0 {
      var start = 0
      while start < run.steps.count {
        let smaller = run.without(start..<min(start + size, run.steps.count))
        if smaller.steps.count < run.steps.count && smaller.isImpossible(stateLimit: stateLimit) {
          run = smaller
        } else {
          start += size
        }
      }
      size /= 2
    }
    return run
  }

  /// Leaves out those steps of `range` that do not affect the others: any order of all steps would
  /// still be valid without them. That is true of a read, and of a write that no remaining step reads.
  private func without(_ range: Range<Int>) -> Run {
    var demand = Demand(contents: contents)
    for (index, step) in steps.enumerated() where !range.contains(index) || !step.isRead {
      demand.add(step)
    }
    var run = self
    run.steps = steps.enumerated().filter { index, step in
      !range.contains(index) || step.writes.contains { demand.wants($0.content) }
    }.map(\.element)
    return run
  }
}

extension Step {
  fileprivate func asOf(_ time: Int) -> Step {
    guard let response, response > time else { return self }
    return Step(
      operation: operation, reads: [], writes: writes, invocation: invocation, response: nil)
  }
}
