import Week1Memory
import Week2LSM
package import Week5Leveling

/// Chooses steps of compaction that are due and that do not touch a running step.
///
/// A step has two levels. Two steps touch if they share a level and their key ranges overlap. Steps
/// that do not touch can run at the same time: neither reads or replaces what the other does, and a
/// tombstone that one drops has nothing to hide in what the other moves.
package struct CompactionPicker<Table: LeveledTable>: Sendable {
  package typealias Step = Compaction<Table>

  private struct Running: Sendable {
    let id: Int
    let step: Step
    let range: KeyRange?
  }

  private var running: [Running] = []
  private var nextID = 0
  /// The files of steps that found damage. They are not tried again before a restart.
  private(set) var setAside: Set<String> = []

  package init() {}

  var count: Int { running.count }

  mutating func begin(_ step: Step) -> Int {
    defer { nextID += 1 }
    running.append(Running(id: nextID, step: step, range: Self.range(of: step)))
    return nextID
  }

  mutating func end(_ id: Int) {
    running.removeAll { $0.id == id }
  }

  mutating func setAside(_ step: Step) {
    setAside.formUnion(step.inputs.map(\.record.file))
  }

  /// The most urgent step that can begin now, or nil.
  package func next(in levels: Levels<Table>) -> Step? {
    let due = (0...levels.deepest).map { ($0, levels.load(of: $0)) }
      .filter { $0.1 >= 1 }.sorted { $0.1 > $1.1 }
    for (level, _) in due {
      if let step = level == 0 ? level0(levels) : step(at: level, of: levels) { return step }
    }
    return nil
  }

  /// All of level 0; or only its oldest table, if no other overlaps it: that table can often move
  /// down as it is.
  private func level0(_ levels: Levels<Table>) -> Step? {
    guard let oldest = levels[0].first else { return nil }
    let isAlone = !levels[0].dropFirst().contains { $0.keyRange.overlaps(oldest.keyRange) }
    let step = levels.compaction(of: isAlone ? [oldest] : levels[0], at: 0)
    return canBegin(step) ? step : nil
  }

  /// The table with the fewest overlapping bytes below per byte of its own: moving it down writes
  /// the least.
  private func step(at level: Int, of levels: Levels<Table>) -> Step? {
    levels[level].map { levels.compaction(of: [$0], at: level) }
      .filter(canBegin).min { $0.overlap < $1.overlap }
  }

  private func canBegin(_ step: Step) -> Bool {
    if !setAside.isEmpty, step.inputs.contains(where: { setAside.contains($0.record.file) }) {
      return false
    }
    let range = Self.range(of: step)
    return !running.contains { other in
      guard abs(other.step.level - step.level) <= 1 else { return false }
      guard let a = range, let b = other.range else { return false }
      return step.level == 0 && other.step.level == 0 || a.overlaps(b)
    }
  }

  private static func range(of step: Step) -> KeyRange? {
    KeyRange(spanning: step.inputs.map(\.keyRange))
  }
}
