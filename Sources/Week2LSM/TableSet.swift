public import Disk
public import Week1Memory

/// How the tables of a store are arranged, and how the manifest spells it. In week 2 it is a list.
public protocol TableArrangement: Sendable {
  /// What the manifest says about each table.
  var records: [TableRecord] { get }

  /// Appends the manifest of these tables: one JSON object.
  func append(to json: inout [UInt8], nextTable: Int)
}

/// Hands out the numbers of new tables, each once, whatever becomes of the table.
public struct TableNumbers: Sendable {
  public private(set) var next: Int

  public init(next: Int) {
    self.next = next
  }

  public mutating func take() -> Int {
    defer { next += 1 }
    return next
  }
}

/// The tables that make up a store, and the only way to change which they are.
///
/// A table is part of the store from the moment that a manifest naming it has replaced the one before.
/// A table file that the manifest does not name was left by a crash; the next start removes it.
public struct TableSet<Arrangement: TableArrangement>: ~Copyable {
  public let directory: Directory
  public private(set) var current: Arrangement
  /// The week whose format the directory is in; 0 if it is new.
  public private(set) var week: Int
  private var numbers: TableNumbers
  /// The first table of a commit that failed with the manifest half replaced: nobody knows whether
  /// the one on disk names it.
  private var firstInDoubt: Int?

  public init(
    _ current: Arrangement, week: Int, numbers: TableNumbers, in directory: consuming Directory
  ) {
    self.current = current
    self.week = week
    self.numbers = numbers
    self.directory = directory
  }

  /// The tables in another arrangement, and in other files if `convert` writes any. Nothing on disk
  /// refers to it before `upgrade`.
  public consuming func converted<Other: TableArrangement>(
    _ convert: (Arrangement, inout TableNumbers, borrowing Directory) throws(StorageError) -> Other
  ) throws(StorageError) -> TableSet<Other> {
    let first = numbers.next
    let other: Other
    do {
      other = try convert(current, &numbers, directory)
      if numbers.next > first { try directory.sync() }
    } catch {
      removeTables(from: first)
      throw error
    }
    return TableSet<Other>(other, week: week, numbers: numbers, in: directory)
  }

  /// Makes the directory one of `week`, if it is new or of an earlier week. From then on earlier weeks
  /// refuse it.
  public mutating func upgrade(to week: Int) throws(StorageError) {
    if self.week == week { return }
    self.week = week
    try replaceManifest(with: current)  // The commit point: what was converted counts from here on.
    try directory.removeOrphans(keeping: current.records)
  }

  /// Changes which tables make up the store, all at once or not at all.
  ///
  /// `change` writes the new tables, with numbers that it takes, and puts them into the arrangement;
  /// tables that it takes out are removed. When it throws, so does `commit`, the store is as before,
  /// and the files that were written are removed.
  public mutating func commit<Result>(
    _ change: (inout Arrangement, inout TableNumbers, borrowing Directory) throws(StorageError)
      -> Result
  ) throws(StorageError) -> Result {
    try resolveDoubt()
    let first = numbers.next
    var next = current
    let result: Result
    do {
      result = try change(&next, &numbers, directory)
      // The names of the new tables, before the manifest that refers to them.
      if numbers.next > first { try directory.sync() }
    } catch {
      removeTables(from: first)
      throw error
    }
    firstInDoubt = first
    // The commit point: a restart finds the new tables from here on.
    try replaceManifest(with: next)
    firstInDoubt = nil
    let old = current
    current = next
    removeTables(of: old)
    return result
  }

  private func replaceManifest(with tables: Arrangement) throws(StorageError) {
    var json: [UInt8] = []
    tables.append(to: &json, nextTable: numbers.next)
    try ManifestFile.replace(with: json, week: week, in: directory)
  }

  /// After a failed replacement, either manifest may be on disk. Puts the current one there again, so
  /// that the tables of the other can be removed.
  private mutating func resolveDoubt() throws(StorageError) {
    guard let first = firstInDoubt else { return }
    try replaceManifest(with: current)
    firstInDoubt = nil
    removeTables(from: first)
  }

  /// Removes tables that no manifest names. One that cannot be removed is left to the next start.
  private func removeTables(from first: Int) {
    for name in (try? directory.names()) ?? [] {
      guard let number = TableRecord.number(inName: name), number >= first else { continue }
      try? directory.remove(name)
    }
  }

  /// Removes the tables of `old` that are no longer current.
  private func removeTables(of old: Arrangement) {
    let kept = Set(current.records.map(\.file))
    for record in old.records where !kept.contains(record.file) {
      try? directory.remove(record.file)
    }
  }
}

extension Directory {
  /// Removes the tables that are not among `tables`, and a manifest that was never put in place.
  public borrowing func removeOrphans(keeping tables: [TableRecord]) throws(StorageError) {
    let named = Set(tables.map(\.file))
    for name in try names() where !named.contains(name) {
      let isTable = TableRecord.number(inName: name) != nil
      if isTable || name == Directory.temporaryName(for: ManifestFile.name) { try remove(name) }
    }
  }
}
