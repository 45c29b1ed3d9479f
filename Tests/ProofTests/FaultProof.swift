import TestSupport
import Week1Memory

/// Proves promises 1, 2, 3, 5 and 6 for one workload when any one of its system calls fails, in any
/// of the ways that such a call can, and when the disk is full from any call on.
struct FaultProof {
  let week: ProvenWeek
  let workload: Workload
  /// One in this many faults is tried. 1 for all.
  var every = 1
  /// If not empty, only these are tried.
  var only: Set<Fault> = []
  /// The proof ends at this many violations.
  var enough = 5

  func findings() -> Findings {
    var findings = Findings(enough: enough)
    var number = 0
    let calls = undisturbedCalls()
    for (k, call) in calls.enumerated() where !findings.areEnough {
      for fault in Fault.all(for: call.kind) where only.isEmpty || only.contains(fault) {
        number += 1
        guard number % every == 0 else { continue }
        let figure = fault.isTransient ? Figure.transientFaults : .faults
        findings.count(figure)
        trial(FaultPlan([k: fault]), "\(fault) in call \(k) (\(call))", number, figure, &findings)
      }
    }
    return findings
  }

  /// The same for a disk that is full from one call on.
  func fullDiskFindings() -> Findings {
    var findings = Findings(enough: enough)
    for k in undisturbedCalls().indices where k % every == 0 && !findings.areEnough {
      findings.count(.fullDisks)
      trial(FaultPlan(fullFrom: k), "disk full from call \(k)", k, .fullDisks, &findings)
    }
    return findings
  }

  private func undisturbedCalls() -> [SimulatedCall] {
    let disk = SimulatedDisk(records: true)
    var trial = FaultTrial(week, workload, disk, seed: 0)
    trial.run()
    return disk.recorded.map(\.call)
  }

  private func trial(
    _ plan: FaultPlan, _ name: String, _ number: Int, _ figure: Figure, _ findings: inout Findings
  ) {
    let seed = workload.seed &+ UInt64(number) &* 7919
    var trial = FaultTrial(week, workload, SimulatedDisk(faults: plan), seed: seed)
    trial.isTransient = figure == .transientFaults
    trial.run()
    for violation in trial.violations {
      findings.report(figure, "\(week.name), seed \(workload.seed), \(name): \(violation)")
    }
  }
}
