import CrashModel
import Inspection
import TestSupport

// The proofs inspect directories with the same tool as a person.
extension Inspected {
  /// What is wrong with the directory of a session after an engine has started on it. A start removes
  /// what a crash left, so there is nothing to remark on either, unless the background writes.
  static func doubt(about image: DiskImage, ignoresRemarks: Bool) -> String? {
    do {
      let diagnosis = try look(at: image).diagnosis
      let isFine = diagnosis.faults.isEmpty && (ignoresRemarks || diagnosis == Diagnosis())
      return isFine ? nil : "the check says: \(diagnosis.text(of: Session.path))"
    } catch {
      return "the check says: \(error)"
    }
  }

  /// Whether damage to a file of the directory is found, at an offset in it.
  static func finds(damageTo name: String, in image: DiskImage) -> Bool {
    let faults = (try? look(at: image))?.diagnosis.faults ?? []
    return faults.contains { $0.file == "\(Session.path)/\(name)" && $0.offset != nil }
  }

  private static func look(at image: DiskImage) throws(NothingOfOurs) -> Inspected {
    try Inspected(Session.path, thoroughly: true, calls: SimulatedDisk(image).calls)
  }
}
