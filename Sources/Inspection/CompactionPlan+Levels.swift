import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week8Concurrency
import Weeks

// Weeks 5 to 8.
extension CompactionPlan {
  private typealias Step = Compaction<PlannedTable>

  func ofLevels() throws(StorageError) -> Listing {
    let levels = Levels(
      manifest.levels.map { level in
        level.compactMap { table in table.range.map { planned(table, $0) } }
      }, options: options)
    // Week 8 has more than one step at a time, and so another choice.
    let step = manifest.hasBatches ? CompactionPicker().next(in: levels) : levels.nextCompaction
    var listing = Listing(directory.path, "the next step of compaction, week \(manifest.week)")
    guard let step else {
      listing.facts.append(.init("due", .text("nothing: no level has reached its limit")))
      listing.tables = [table(of: levels)]
      return listing
    }
    listing.facts = facts(of: step, levels)
    listing.tables = [table(of: levels)]
    if step.level > 0 { listing.tables.append(candidates(levels, chosen: step)) }
    if step.isMove { return listing }
    let preview = try MergePreview(
      step, of: levels, journal: journal, mostDecisions: mostDecisions)
    listing.facts += preview.facts + [preview.rest].compactMap { $0 }
    listing.tables.append(preview.table)
    return listing
  }

  private func facts(of step: Step, _ levels: Levels<PlannedTable>) -> [Listing.Fact] {
    let upper = "\(Self.names(of: step.upper)) of level \(step.level)"
    let lower = step.lower.isEmpty ? "nothing" : Self.names(of: Array(step.lower))
    let action =
      step.isMove
      ? "\(upper) moves to level \(step.level + 1) as it is: it overlaps nothing there"
      : "merge \(upper) with \(lower) of level \(step.level + 1)"
    return [
      .init(
        "due",
        .text("level \(step.level), at \(Self.percent(levels.load(of: step.level))) of its limit")),
      .init("step", .text(action)), .init("chosen", .text(reason(for: step, levels))),
    ]
  }

  private func reason(for step: Step, _ levels: Levels<PlannedTable>) -> String {
    if step.level > 0 { return "it overlaps the least below for its size" }
    if step.upper.count == levels[0].count { return "all tables of level 0" }
    return manifest.hasBatches
      ? "the oldest of level 0, which no other of them overlaps"
      : "the oldest of level 0: what stays there is newer than what leaves it"
  }

  static func names(of tables: [PlannedTable]) -> String {
    let numbers = tables.map { "\(TableRecord.number(inName: $0.record.file) ?? 0)" }
    return (numbers.count == 1 ? "table " : "tables ") + numbers.joined(separator: ", ")
  }

  private static func percent(_ part: Double) -> String { "\(Int((part * 100).rounded()))%" }

  private func table(of levels: Levels<PlannedTable>) -> Listing.Table {
    let unit = options.measure == .bytes ? "bytes" : "entries"
    var table = Listing.Table(name: "levels", columns: ["level", "tables", unit, "limit", "load"])
    for level in 0...levels.deepest {
      let limit =
        level == 0
        ? MergePreview.count(options.level0Limit, "table")
        : "\(options.target(ofLevel: level)) \(unit)"
      table.rows.append([
        .number(level), .number(levels[level].count), .number(levels.size(at: level)), .text(limit),
        .text(Self.percent(levels.load(of: level))),
      ])
    }
    return table
  }

  /// The tables that could move down, the cheapest first: as many as decisions are listed.
  private func candidates(_ levels: Levels<PlannedTable>, chosen step: Step) -> Listing.Table {
    let columns = ["candidate", "entries", "overlaps", "cost", "first key", "last key", "chosen"]
    var table = Listing.Table(name: "candidates", columns: columns)
    let steps = levels[step.level].map { levels.compaction(of: [$0], at: step.level) }
    for candidate in steps.sorted(by: { $0.overlap < $1.overlap }).prefix(mostDecisions) {
      table.rows.append(
        row(of: candidate, isChosen: candidate.upper[0].record == step.upper[0].record))
    }
    return table
  }

  private func row(of step: Step, isChosen: Bool) -> [Listing.Field] {
    let table = step.upper[0]
    let overlapped = step.lower.isEmpty ? "nothing" : Self.names(of: Array(step.lower))
    let hundredths = Int((step.overlap * 100).rounded())
    let cost = "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    return [
      .text(Self.names(of: [table])), .number(table.record.entries), .text(overlapped), .text(cost),
      .text(table.keyRange.lowerBound.description), .text(table.keyRange.upperBound.description),
      isChosen ? .text("yes") : .none,
    ]
  }
}

extension MergePreview {
  var facts: [Listing.Fact] {
    let written = outputs.reduce(0, +)
    let counts = "\(Self.count(outputs.count, "table")), \(Self.count(written, "entry", "entries"))"
    let tombstones = "\(droppedTombstones) dropped, \(keptTombstones) kept"
    return [
      .init("writes", .text(counts)), .init("older rows", .text("\(olderRows) dropped")),
      .init("tombstones", .text(tombstones)),
    ]
  }

  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
  }

  var table: Listing.Table {
    var table = Listing.Table(name: "decisions", columns: ["key", "tables", "decision"])
    for decision in decisions {
      let tables = decision.tables.map(String.init).joined(separator: ", ")
      table.rows.append([.text(decision.key.description), .text(tables), .text(decision.text)])
    }
    return table
  }

  /// Says that not every decision is listed.
  var rest: Listing.Fact? {
    keys > decisions.count
      ? .init("decisions", .text("the first \(decisions.count) of \(keys); --rows lists more"))
      : nil
  }
}
