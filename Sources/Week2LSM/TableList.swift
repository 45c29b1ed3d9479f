public import Disk
public import Week1Memory

/// The tables of a store, from oldest to newest: if several have the same key, the last one counts.
public struct TableList<Payload: RowPayload>: TableArrangement {
  public var tables: [SSTable<Payload>]

  public init(_ tables: [SSTable<Payload>] = []) {
    self.tables = tables
  }

  public var records: [TableRecord] { tables.map(\.record) }

  public func append(to json: inout [UInt8], nextTable: Int) {
    Manifest(nextTable: nextTable, tables: records).append(to: &json)
  }
}

extension TableSet {
  /// Opens the tables of a directory for an engine of `week`, and removes the files that a crash
  /// left behind. Reads and verifies every table.
  public static func open<Payload>(
    in directory: Directory, for week: Int
  ) throws(StorageError) -> TableSet where Arrangement == TableList<Payload> {
    let manifest = try Manifest.load(from: directory, for: week)
    var list = TableList<Payload>()
    for record in manifest.tables {
      list.tables.append(try SSTable.open(record, in: directory))
    }
    try directory.removeOrphans(keeping: manifest.tables)
    return TableSet(
      list, week: manifest.week, numbers: TableNumbers(next: manifest.nextTable), in: directory)
  }
}
