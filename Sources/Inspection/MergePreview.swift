import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

/// What a merge would do with each key: it is run, and its rows go nowhere.
struct MergePreview: Sendable {
  struct Decision: Sendable {
    let key: Key
    /// The numbers of the tables that have it, the newest first.
    let tables: [Int]
    let text: String
  }

  /// Those of the first keys.
  private(set) var decisions: [Decision] = []
  /// The entries of each table that would be written.
  private(set) var outputs: [Int] = []
  /// Keys that were decided on.
  private(set) var keys = 0
  /// Rows behind a newer one of their key.
  private(set) var olderRows = 0
  private(set) var keptTombstones = 0
  private(set) var droppedTombstones = 0

  private let journal: MergeJournal
  private let mostDecisions: Int
  /// The numbers of the tables of the merge, the newest first.
  private let order: [Int]
  /// Why a tombstone is kept that is kept, and dropped that is dropped.
  private let reasons: (keeping: @Sendable (Key) -> String, dropping: String)

  /// Runs the merge of a step, for the levels that week 5 and later have.
  init(
    _ step: Compaction<PlannedTable>, of levels: Levels<PlannedTable>, journal: MergeJournal,
    mostDecisions: Int
  ) throws(StorageError) {
    self.journal = journal
    self.mostDecisions = mostDecisions
    order = Self.numbers(of: step.upper.reversed() + step.lower)
    reasons = (
      { levels.levelsThatMayHold($0, below: step.level + 1) }, "no deeper level may hold it"
    )
    var rows = try CompactionCursor(step, of: levels)
    while rows.beginTable() {
      var entries = 0
      while let row = try rows.next() {
        decide(upTo: row)
        entries += 1
      }
      outputs.append(entries)
    }
    decide(upTo: nil)
  }

  /// Runs the merge of all tables, from oldest to newest, that week 4 does.
  init(
    of tables: [PlannedTable], _ options: CompactionOptions, journal: MergeJournal,
    mostDecisions: Int
  ) throws(StorageError) {
    self.journal = journal
    self.mostDecisions = mostDecisions
    order = Self.numbers(of: tables.reversed())
    reasons = ({ _ in "" }, "every older table takes part")
    let compactor = Compactor(options)
    var rows = try MergeCursor(tables.reversed().map { $0.rows() })
    var entries = 0
    while let row = try compactor.nextLive(&rows) {
      decide(upTo: row)
      entries += 1
    }
    decide(upTo: nil)
    outputs = stride(from: 0, to: entries, by: options.tableLimit).map {
      min(options.tableLimit, entries - $0)
    }
  }

  private static func numbers(of tables: [PlannedTable]) -> [Int] {
    tables.map { TableRecord.number(inName: $0.record.file) ?? 0 }
  }

  /// Writes down what has become of the keys up to that of `kept`, or of all that are left.
  private mutating func decide(upTo kept: Row<Entry>?) {
    for notes in journal.take(upTo: kept?.key) {
      let notes = notes.sorted { place(of: $0) < place(of: $1) }
      let isKept = notes[0].row.key == kept?.key
      keys += 1
      olderRows += notes.count - 1
      if isKept && kept?.payload == .tombstone { keptTombstones += 1 }
      if !isKept { droppedTombstones += 1 }
      guard decisions.count < mostDecisions else { continue }
      let text = isKept ? self.text(of: notes, kept?.payload) : "✝ dropped: \(reasons.dropping)"
      decisions.append(Decision(key: notes[0].row.key, tables: notes.map(\.table), text: text))
    }
  }

  private func place(of note: MergeJournal.Note) -> Int {
    order.firstIndex(of: note.table) ?? order.count
  }

  private func text(of notes: [MergeJournal.Note], _ payload: Entry?) -> String {
    let winner = notes.first { $0.row.payload == payload }?.table ?? 0
    if payload == .tombstone {
      return "✝ kept: \(reasons.keeping(notes[0].row.key))"
    }
    return notes.count == 1
      ? "kept: only table \(winner) has it" : "newest of \(notes.count) wins: table \(winner)"
  }
}

extension Levels {
  /// Which levels below `level` may hold `key`, in words.
  fileprivate func levelsThatMayHold(_ key: Key, below level: Int) -> String {
    let holders = (level + 1..<max(level + 1, tables.count)).filter {
      !tables(at: $0, overlapping: key...key).isEmpty
    }
    let numbers = holders.map(String.init).joined(separator: ", ")
    return "level \(numbers) may hold it"
  }
}
