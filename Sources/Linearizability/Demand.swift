/// What the remaining steps need to read, and what they can supply.
struct Demand {
  private var wanted: [Int]
  private var supplied: [Int]

  init(contents: Int) {
    wanted = Array(repeating: 0, count: contents)
    supplied = wanted
  }

  /// Counts a step that remains to be taken.
  mutating func add(_ step: Step) { count(step, 1) }

  /// Stops counting a step, which has been taken.
  mutating func remove(_ step: Step) { count(step, -1) }

  private mutating func count(_ step: Step, _ change: Int) {
    for read in step.reads { wanted[read.content] += change }
    for write in step.writes { supplied[write.content] += change }
  }

  /// Whether a step reads what no step writes; `contents` are there at the start.
  func isHopeless(startingWith contents: [Content]) -> Bool {
    let known = Set(contents)
    return wanted.indices.contains { needs($0) && !known.contains($0) }
  }

  /// Whether some step reads `content`.
  func wants(_ content: Content) -> Bool { wanted[content] > 0 }

  /// Whether `content` must not be overwritten now: a step has yet to read it, and none can write
  /// it again. Without this, the search would notice only at that read's response.
  func needs(_ content: Content) -> Bool { wanted[content] > 0 && supplied[content] == 0 }
}
