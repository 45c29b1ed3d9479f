import Disk
import TestSupport
import Week1Memory

/// Proves that an engine on a sound disk behaves like a dictionary, through flushes, compactions,
/// clean stops and kills, and leaves no file open.
struct ModelProof {
  let week: ProvenWeek
  let length: Int
  /// How often the whole contents are compared.
  var compareEvery = 5

  /// On a simulated disk.
  func findings(seed: UInt64) -> Findings {
    let disk = SimulatedDisk()
    var findings = findings(seed: seed, path: Session.path, calls: disk.calls)
    if disk.openDescriptors > 0 {
      findings.report(.sequences, "\(week.name), seed \(seed): \(disk.openDescriptors) open files")
    }
    return findings
  }

  /// On the disk of this machine.
  func findingsOnRealDisk(seed: UInt64) -> Findings {
    let directory = TemporaryDirectory()
    return findings(seed: seed, path: directory.path, calls: .system)
  }

  private func findings(seed: UInt64, path: String, calls: SystemCalls) -> Findings {
    var findings = Findings()
    findings.count(.sequences)
    let workload = Workload(seed: seed, length: length, for: week)
    var session = Session(week, workload.thresholds, path: path, calls: calls)
    let way = "\(week.name), seed \(seed)"
    do throws(StorageError) {
      try session.open()
      for (number, step) in workload.steps.enumerated() {
        try session.perform(step)
        guard number % compareEvery == 0 || number == length - 1 else { continue }
        let count = session.history.writes.count
        let contents = try session.contents()
        let snapshotFault = try session.faultOfSnapshots()
        if let fault = snapshotFault
          ?? session.history.fault(in: contents, atLeast: count, atMost: count)
        {
          findings.report(.sequences, "\(way), after step \(number) (\(step)): \(fault)")
        }
      }
    } catch {
      findings.report(.sequences, "\(way): \(error)")
    }
    session.drop()
    return findings
  }
}
