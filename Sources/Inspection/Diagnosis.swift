import Week1Memory

/// The result of an inspection: faults, which must not exist, and remarks on harmless things that
/// need not exist.
public struct Diagnosis: Equatable, Sendable {
  public private(set) var faults: [Finding] = []
  public private(set) var remarks: [Finding] = []

  /// No findings.
  public init() {}

  /// More than anyone reads for one file. A file of random bytes must not fill the memory with faults.
  private static let mostFaults = 100

  mutating func fault(_ file: String, at offset: Int? = nil, _ reason: String) {
    if faults.count > Self.mostFaults { return }
    let isTooMany = faults.count == Self.mostFaults
    faults.append(
      isTooMany
        ? Finding(file: file, offset: nil, reason: "there is more; this is not all that is wrong")
        : Finding(file: file, offset: offset, reason: reason))
  }

  /// Adds an error. A file that cannot be read is a fault: its content is unknown.
  mutating func fault(_ error: StorageError, in file: String) {
    switch error {
    case .corrupt(let file, let offset, let reason): fault(file, at: offset, reason)
    case .io(let operation, let path, let errno, let reason):
      fault(path, "cannot \(operation) it: \(reason) (errno \(errno))")
    default: fault(file, error.description)
    }
  }

  mutating func remark(_ file: String, _ reason: String) {
    remarks.append(Finding(file: file, offset: nil, reason: reason))
  }

  mutating func add(_ other: Diagnosis) {
    faults += other.faults
    remarks += other.remarks
  }
}

extension Diagnosis {
  /// For a person: a line for each finding, and a line that counts them.
  public func text(of path: String) -> String {
    var lines = faults.map { "fault: \($0)" } + remarks.map { "remark: \($0)" }
    lines.append(Printable.text("\(path): ") + (faults.isEmpty ? "nothing is wrong" : counted))
    return lines.joined(separator: "\n") + "\n"
  }

  private var counted: String {
    faults.count == 1 ? "1 thing is wrong" : "\(faults.count) things are wrong"
  }
}
