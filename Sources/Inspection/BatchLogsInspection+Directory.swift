import Disk
import Week1Memory
import Week8Concurrency

extension BatchLogsInspection {
  /// A store that changes its logs more often than this while we read them is faster than we are.
  private static let mostRounds = 50

  /// Reads the logs that the manifest of a directory says are replayed. The directory may be in use.
  ///
  /// Logs may be written, created and removed at any moment, so what is read from one may not match
  /// what is read from another. Real damage is found again on the next try; and a log is missing
  /// only if the manifest still names it.
  static func ofDirectory(
    _ path: String, _ manifest: ManifestInspection, _ calls: SystemCalls
  ) -> BatchLogsInspection {
    var (inspected, manifest) = (BatchLogsInspection(of: path, manifest, calls), manifest)
    for _ in 1..<mostRounds where !inspected.diagnosis.faults.isEmpty {
      if let now = try? ManifestInspection(manifest.path, calls), now.isRead { manifest = now }
      let again = BatchLogsInspection(of: path, manifest, calls)
      if again.diagnosis == inspected.diagnosis { return again }
      inspected = again
    }
    if !inspected.diagnosis.faults.isEmpty {
      inspected.diagnosis = Diagnosis()
      inspected.diagnosis.remark(path, "its logs change faster than they are read")
    }
    return inspected
  }

  private init(of path: String, _ manifest: ManifestInspection, _ calls: SystemCalls) {
    let first = manifest.firstLog
    let names = (try? Directory.names(in: path, calls: calls)) ?? []
    let numbers = names.compactMap(LogName.number(inName:)).filter { $0 >= first }.sorted()
    let there = zip(first..., numbers).prefix { $0 == $1 }.map(\.0)
    self.init(
      there.map { ($0, "\(path)/\(LogName.fileName($0))") }, after: manifest.sequence, calls)
    if there.isEmpty || there.count < numbers.count {
      let missing = LogName.fileName(first + there.count)
      diagnosis.fault(
        "\(path)/\(missing)", "it is missing, and the manifest or a later log needs it")
    }
  }
}
