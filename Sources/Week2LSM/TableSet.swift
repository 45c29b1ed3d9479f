public import Disk
public import Week1Memory

/// How the tables of a store are arranged, and how the manifest encodes that. In week 2 it is a
/// list.
public protocol TableArrangement: Sendable {
  /// The entry of each table in the manifest.
  var records: [TableRecord] { get }

  /// Appends the manifest of these tables: one JSON object.
  func append(to json: inout [UInt8], nextTable: Int)
}

/// The tables that make up a store, and the only way to change them.
///
/// A table is part of the store from the moment that a manifest naming it replaces the previous
/// one. A table file that the manifest does not name was left by a crash; the next start removes
/// it.
public struct TableSet<Arrangement: TableArrangement>: ~Copyable, Sendable {
  public let directory: Directory
  public private(set) var current: Arrangement
  /// The week whose format the directory has; 0 if it is new.
  public private(set) var week: Int
  public let numbers: TableNumbers
  /// The new tables of a commit that failed while it replaced the manifest: the manifest on disk
  /// may or may not name them.
  private var inDoubt: [Int] = []

  public init(
    _ current: Arrangement, week: Int, numbers: TableNumbers, in directory: Directory
  ) {
    self.current = current
    self.week = week
    self.numbers = numbers
    self.directory = directory
  }

  /// A set to which new tables are written before a commit.
  public var newTables: NewTables { NewTables(in: directory, numbers: numbers) }

  /// The tables in another arrangement, and in other files if `convert` writes any. Nothing on disk
  /// refers to them before `upgrade`.
  public consuming func converted<Other: TableArrangement>(
    _ convert: (Arrangement, inout NewTables) throws(StorageError) -> Other
  ) throws(StorageError) -> TableSet<Other> {
    var new = newTables
    let other = try convert(current, &new)
    if !new.isEmpty { try directory.sync() }
    _ = new.keep()
    return TableSet<Other>(other, week: week, numbers: numbers, in: directory)
  }

  /// Marks the directory as one of `week`, if it is new or of an earlier week. From then on,
  /// earlier weeks refuse it.
  public mutating func upgrade(to week: Int) throws(StorageError) {
    if self.week == week { return }
    self.week = week
    try replaceManifest(with: current)  // The commit point: a restart finds them from here on.
    try directory.removeOrphans(keeping: current.records)
  }

  /// Changes which tables make up the store, atomically, and removes those that are no longer part
  /// of it. See `publish`.
  @inlinable
  public mutating func commit(
    _ new: consuming NewTables, _ change: (inout Arrangement) -> Void
  ) throws(StorageError) {
    remove(try publish(new, change))
  }

  /// Changes which tables make up the store, atomically. Returns the tables that are no longer part
  /// of it; their files are still there for readers that have them open.
  ///
  /// `change` adds the new tables, which are complete, to the arrangement, and takes old ones out.
  /// If it throws, the store is as before.
  public mutating func publish(
    _ new: consuming NewTables, _ change: (inout Arrangement) -> Void
  ) throws(StorageError) -> [TableRecord] {
    try resolveDoubt()
    var next = current
    change(&next)
    // The names of the new tables, before the manifest that refers to them.
    if !new.isEmpty { try directory.sync() }
    inDoubt = new.keep()
    // The commit point: a restart finds the new tables from here on.
    try replaceManifest(with: next)
    inDoubt = []
    let old = current.records
    current = next
    let kept = Set(next.records.map(\.file))
    return old.filter { !kept.contains($0.file) }
  }

  /// Removes tables that are no longer part of the store. One that cannot be removed is left for
  /// the next start.
  public func remove(_ tables: [TableRecord]) {
    for table in tables { try? directory.remove(table.file) }
  }

  private func replaceManifest(with tables: Arrangement) throws(StorageError) {
    var json: [UInt8] = []
    tables.append(to: &json, nextTable: numbers.next)
    try ManifestFile.replace(with: json, week: week, in: directory)
  }

  /// After a failed replacement, either manifest may be on disk. Writes the current one again, so
  /// that the tables of the other can be removed.
  private mutating func resolveDoubt() throws(StorageError) {
    if inDoubt.isEmpty { return }
    try replaceManifest(with: current)
    directory.removeTables(inDoubt)
    inDoubt = []
  }
}

extension Directory {
  /// Removes the tables that are not among `tables`, and a manifest that was never renamed into
  /// place.
  public func removeOrphans(keeping tables: [TableRecord]) throws(StorageError) {
    let named = Set(tables.map(\.file))
    for name in try names() where !named.contains(name) {
      let isTable = TableRecord.number(inName: name) != nil
      if isTable || name == Directory.temporaryName(for: ManifestFile.name) { try remove(name) }
    }
  }
}
