public import Week1Memory

/// Which tables make up the store, and which week's format they are in.
///
/// A table is part of the store from the moment that a manifest naming it has replaced the one
/// before. Files that it does not name are left from a crash: they mean nothing, and are removed.
public struct Manifest: Codable, Equatable, Sendable {
  /// The week whose format the directory is in; 0 before the first has written it. An earlier week
  /// must not open it.
  public private(set) var week = 0
  /// Larger than the number of every table there ever was, so that no name is used twice.
  public private(set) var nextTable = 1
  /// From oldest to newest: where two have the same key, the later one counts.
  public var tables: [TableRecord] = []

  static let fileName = "MANIFEST"

  public init() {}

  public mutating func takeTableNumber() -> Int {
    defer { nextTable += 1 }
    return nextTable
  }

  /// Makes the directory one of `week`, if it is new or of an earlier week. From then on no earlier
  /// week opens it.
  public mutating func upgrade(to week: Int, in directory: borrowing Directory) throws(StorageError)
  {
    if self.week == week { return }
    self.week = week
    try replace(in: directory)
  }

  /// Puts this manifest in the place of the one before, at once and durably.
  public func replace(in directory: borrowing Directory) throws(StorageError) {
    try directory.replace(Self.fileName, with: encoded())
  }
}
