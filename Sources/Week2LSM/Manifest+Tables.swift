public import Week1Memory

extension Manifest {
  /// Opens every table, from oldest to newest, and removes the files that a crash has left.
  public func openTables<Payload>(
    in directory: borrowing Directory, of _: Payload.Type
  ) throws(StorageError) -> [SSTable<Payload>] {
    var opened: [SSTable<Payload>] = []
    for record in tables {
      opened.append(try SSTable.open(record, in: directory))
    }
    try directory.removeOrphans(keeping: tables)
    return opened
  }
}

extension Directory {
  /// Removes the tables that are not among `tables`, and a manifest that never took its name.
  public borrowing func removeOrphans(keeping tables: [TableRecord]) throws(StorageError) {
    let named = Set(tables.map(\.file))
    for name in try names() where !named.contains(name) {
      let isTable = TableRecord.number(inName: name) != nil
      if isTable || name == "\(ManifestFile.name).tmp" { try remove(name) }
    }
  }
}
