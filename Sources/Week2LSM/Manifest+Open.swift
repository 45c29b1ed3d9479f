public import Week1Memory

extension Manifest {
  /// Reads the manifest of a directory for an engine of `week`. An empty directory has a new one.
  ///
  /// Throws `newerFormat` for the directory of a later week, and `corrupt` for a manifest that is
  /// damaged, or missing although its tables are there.
  public static func load(
    from directory: borrowing Directory, for week: Int
  ) throws(StorageError) -> Manifest {
    let path = "\(directory.path)/\(fileName)"
    let names = try directory.names()
    guard names.contains(fileName) else {
      if let table = names.first(where: { TableRecord.number(inName: $0) != nil }) {
        throw .corrupt(file: path, offset: 0, reason: "it is missing, and \(table) is there")
      }
      return Manifest()
    }
    let file = try directory.open(fileName)
    let bytes = try file.read(at: 0, count: try file.size())
    let manifest: Manifest
    do { manifest = try Manifest(encoded: bytes) } catch {
      throw .corrupt(file: path, offset: error.offset, reason: error.reason)
    }
    if manifest.week > week {
      throw .newerFormat(
        directory: directory.path, writtenByWeek: manifest.week, openedByWeek: week)
    }
    // After a kill between a rename and the sync that follows it, what we read is in the cache of
    // the system and not yet on the medium. It must be there before we remove what it replaces.
    try directory.sync()
    return manifest
  }

  /// Opens every table, from oldest to newest, and removes the files that a crash has left.
  public func openTables<Payload>(
    in directory: borrowing Directory, of _: Payload.Type
  ) throws(StorageError) -> [SSTable<Payload>] {
    var opened: [SSTable<Payload>] = []
    for record in tables {
      opened.append(try SSTable.open(record, in: directory))
    }
    let named = Set(tables.map(\.file))
    for name in try directory.names() where !named.contains(name) {
      let isOrphan = TableRecord.number(inName: name) != nil || name == "\(Self.fileName).tmp"
      if isOrphan { try directory.remove(name) }
    }
    return opened
  }
}
