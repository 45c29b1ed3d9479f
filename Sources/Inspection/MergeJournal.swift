import Synchronization
import Week1Memory
import Week2LSM
import Week4Compaction

/// The rows that a merge has read and not yet decided on.
///
/// A merge reads one row ahead of each table, so there are few, but for the older rows of one key.
final class MergeJournal: Sendable {
  struct Note: Sendable {
    let row: Row<Entry>
    /// The number of its table.
    let table: Int
  }

  private let notes = Mutex<[Note]>([])

  func note(_ row: Row<Entry>, of table: TableRecord) {
    let note = Note(row: row, table: TableRecord.number(inName: table.file) ?? 0)
    notes.withLock { $0.append(note) }
  }

  /// Takes the rows of all keys up to `last`, or all rows: key by key, in order.
  func take(upTo last: Key?) -> [[Note]] {
    let taken = notes.withLock { notes in
      let isTaken = { (note: Note) in last.map { note.row.key <= $0 } ?? true }
      defer { notes.removeAll(where: isTaken) }
      return notes.filter(isTaken)
    }
    let groups = Dictionary(grouping: taken, by: \.row.key)
    return groups.sorted { $0.key < $1.key }.map(\.value)
  }
}
