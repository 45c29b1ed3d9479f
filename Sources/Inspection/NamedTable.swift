import Basics
import Week1Memory
import Week2LSM
import Week5Leveling

/// The entry of one table in a manifest of any week.
struct NamedTable: Equatable, Sendable {
  let record: TableRecord
  /// The first and the last key; nil before week 5, whose manifests do not have them.
  let range: KeyRange?

  /// Adds a fault for everything in which the table differs from the manifest.
  func compare(
    entries: Int, range found: KeyRange?, in path: String, at offset: Int,
    _ diagnosis: inout Diagnosis
  ) {
    if entries != record.entries {
      let reason = "it has \(entries) entries, and the manifest says \(record.entries)"
      diagnosis.fault(path, at: offset, reason)
    }
    if let range, let found, range != found {
      let (first, last) = (range.lowerBound, range.upperBound)
      let keys = "its keys are \(found.lowerBound) to \(found.upperBound)"
      diagnosis.fault(path, at: offset, "\(keys), and the manifest says \(first) to \(last)")
    }
  }

  func compare(size: Int, in path: String, _ diagnosis: inout Diagnosis) {
    if size == record.bytes { return }
    let reason = "it has \(size) bytes, and the manifest says \(record.bytes)"
    diagnosis.fault(path, at: min(size, record.bytes), reason)
  }
}
