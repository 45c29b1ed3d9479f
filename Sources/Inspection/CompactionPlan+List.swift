import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Weeks

// Week 4, whose tables are in one list.
extension CompactionPlan {
  /// Reads all tables twice: to find their key ranges, as a start does, and to merge them.
  func ofList(_ calls: SystemCalls) throws(StorageError) -> Listing {
    var opened: [SSTable<Entry>] = []
    for table in manifest.tables { opened.append(try SSTable.open(table.record, in: directory)) }
    let flushed = Compactor.overlappingEntries(of: opened)
    let log = try LogInspection.read(
      "\(directory.path)/\(WriteAheadLog<Entry>.fileName)", calls, of: Entry.self)
    let inMemory = Set(log.records.map(\.key)).count
    let (writes, interval) = (flushed + inMemory, settings.compaction.interval)
    let tables = zip(manifest.tables, opened).map { planned($0, $1.keyRange) }

    var listing = Listing(directory.path, "the next step of compaction, week 4")
    let due = writes >= interval ? "now" : "after \(interval - writes) more writes"
    listing.facts = [
      .init(
        "due",
        .text(
          "\(due): \(writes) of \(interval) writes since the last one, as far as a start can tell")),
      .init(
        "counted",
        .text("\(flushed) in tables that overlap an older one, \(inMemory) in memory")),
      .init("step", .text("merge all tables: \(tables.count) of them")),
    ]
    if tables.isEmpty { return listing }
    let preview = try MergePreview(
      of: tables, settings.compaction, journal: journal, mostDecisions: mostDecisions)
    listing.facts += preview.facts + [preview.rest].compactMap { $0 }
    listing.tables = [preview.table]
    return listing
  }
}
