import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

// The steps. Each writes its tables first, and only then changes which tables make up the store.
extension Maintenance {
  /// Writes a memtable to a new table of level 0.
  func flush(_ frozen: FrozenMemtable) throws(StorageError) {
    var new = NewTables(in: directory, numbers: numbers)
    var rows = frozen.memtable.rows(from: nil, to: nil, at: frozen.lastSequence)
    let table = try StoreTable.write(number: new.takeNumber(), in: directory, tableOptions) {
      () throws(StorageError) in
      try checkStopping()
      return try rows.next()
    }
    let firstLog = try commit(new) { files in
      let first = files.firstLog
      files.levels.flush(table)
      // The commit point: a restart finds the table, and does not read the log any more.
      (files.firstLog, files.sequence) = (frozen.log.number + 1, frozen.lastSequence)
      return first
    } publishing: {
      $0.flushed($1)
    }
    frozen.log.close()
    for log in firstLog...frozen.log.number { try? directory.remove(LogName.fileName(log)) }
    flushCounters.count(flushed: table.record)
    state.update { _ in }  // Wakes the threads that wait for this flush.
    pressure.changed()
    schedule()
  }

  /// Merges a part of a level into the level below.
  func compact(_ step: Compaction<StoreTable>) throws(StorageError) {
    var new = NewTables(in: directory, numbers: numbers)
    let outputs = step.isMove ? step.upper : try merge(step, to: &new)
    try commit(new) { files in
      files.levels.apply(step, outputs: outputs)
    } publishing: {
      $0.compacted($1)
    }
    counters.count(step, outputs: outputs.map(\.record))
  }

  /// Merges all tables into the deepest level, while no compaction runs in the background.
  func compactAll() throws(StorageError) {
    state.wait { (state) -> Void? in
      if state.isManual || state.picker.count > 0 { return nil }
      state.isManual = true
      return ()
    }
    defer {
      state.update { $0.isManual = false }
      schedule()
    }
    do throws(StorageError) {
      for level in 0..<max(1, versions.current.levels.deepest) { try moveDown(level) }
    } catch .corrupt(let file, let offset, let reason) {
      throw .corrupt(file: file, offset: offset, reason: reason)
    } catch {
      throw pressure.stop(error)
    }
  }

  /// Merges everything that a level holds now into the level below.
  private func moveDown(_ level: Int) throws(StorageError) {
    let files = Set(versions.current.levels[level].map(\.record.file))
    while true {
      let levels = versions.current.levels
      let upper = levels[level].filter { files.contains($0.record.file) }
      guard let first = upper.first else { return }
      try compact(levels.compaction(of: level == 0 ? upper : [first], at: level))
      pressure.changed()
    }
  }

  /// Removes the logs before `first`, whose writes are all in tables.
  func removeLogs(before first: Int) throws(StorageError) {
    try files.use { (tables) throws(StorageError) in
      _ = try tables.publish(tables.newTables) { $0.firstLog = first }
    }
    try directory.removeLogs { $0 < first }
  }

  private func merge(
    _ step: Compaction<StoreTable>, to new: inout NewTables
  ) throws(StorageError) -> [StoreTable] {
    var rows = try CompactionCursor(step, of: versions.current.levels)
    var outputs: [StoreTable] = []
    while rows.beginTable() {
      let number = new.takeNumber()
      outputs.append(
        try StoreTable.write(number: number, in: directory, tableOptions) {
          () throws(StorageError) in
          try checkStopping()
          return try rows.next()
        })
    }
    return outputs
  }

  /// Changes which tables make up the store, on disk and then for readers. The files of tables that
  /// are no longer part of it are removed when the last reader is done with them.
  private func commit<Result>(
    _ new: consuming NewTables, _ change: (inout StoreFiles) -> Result,
    publishing next: (Catalog, Levels<StoreTable>) -> Catalog
  ) throws(StorageError) -> Result {
    var pending: NewTables? = new
    return try files.use { (tables) throws(StorageError) in
      let old = tables.current.levels
      var result: Result?
      let dropped = try tables.publish(pending.take() ?? tables.newTables) { result = change(&$0) }
      let levels = tables.current.levels
      versions.publish { next($0, levels) }
      old.forget(dropped)
      guard let result else { preconditionFailure("a commit makes its change") }
      return result
    }
  }
}

extension Levels<StoreTable> {
  /// Allows the files of `records`, which no later catalog names, to be removed once nobody reads them.
  fileprivate func forget(_ records: [TableRecord]) {
    if records.isEmpty { return }
    let files = Set(records.map(\.file))
    for table in tables.joined() where files.contains(table.record.file) { table.becomeObsolete() }
  }
}
