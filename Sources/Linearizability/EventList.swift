/// The invocations and responses of a run in order of time, as a doubly linked list in two arrays.
/// Removing a step takes constant time, and so does restoring it, if the steps are restored in
/// reverse order ("dancing links").
struct EventList {
  enum Event {
    case invocation(of: Int)
    case response(of: Int)
  }

  private var next: [Int]
  private var previous: [Int]

  /// Position 2i is the invocation of step i, and 2i + 1 its response, which is linked to itself if
  /// there is none. The last position is the head, before the first event and after the last one.
  private var head: Int { next.count - 1 }

  init(_ steps: [Step]) {
    next = Array(0...2 * steps.count)
    previous = next
    for position in Self.order(of: steps) { append(position) }
  }

  /// At equal times the invocation comes first: the two operations count as concurrent.
  private static func order(of steps: [Step]) -> [Int] {
    var events: [(time: Int, isResponse: Int, position: Int)] = []
    for (index, step) in steps.enumerated() {
      events.append((step.invocation, 0, 2 * index))
      if let response = step.response { events.append((response, 1, 2 * index + 1)) }
    }
    return events.sorted(by: <).map(\.position)
  }

  private mutating func append(_ position: Int) {
    next[position] = head
    previous[position] = previous[head]
    next[previous[position]] = position
    previous[head] = position
  }

  /// The first remaining event, and the event after a step's invocation; nil after the last one.
  var first: Event? { event(at: next[head]) }
  func event(afterInvocationOf step: Int) -> Event? { event(at: next[2 * step]) }

  private func event(at position: Int) -> Event? {
    if position == head { return nil }
    let step = position / 2
    return position.isMultiple(of: 2) ? .invocation(of: step) : .response(of: step)
  }

  /// Removes a step, with its response if it has one. Its own links stay, for restoring it and for
  /// continuing from its invocation. (So the response is removed first, in case it is the next event.)
  mutating func remove(_ step: Int) {
    for position in [2 * step + 1, 2 * step] {
      next[previous[position]] = next[position]
      previous[next[position]] = previous[position]
    }
  }

  /// Restores the step that was removed last.
  mutating func restore(_ step: Int) {
    for position in [2 * step, 2 * step + 1] {
      next[previous[position]] = position
      previous[next[position]] = position
    }
  }
}
