import TestSupport
import Week3WAL

/// Proves promise 11 for one workload: whatever another program does to the directory, and
/// whenever, no answered write is lost unless it was removed with its file.
struct TamperingProof {
  let week: ProvenWeek
  let seed: UInt64
  /// The number of moments tried for each kind of tampering.
  var moments = 4
  /// Only these are tried.
  var only = Tampering.allCases

  private static let length = 40
  /// A flush makes some twenty calls, and a compaction more.
  private static let mostCalls = 60

  func findings() -> Findings {
    var findings = Findings()
    var generator = SeededGenerator(seed: seed)
    for tampering in only {
      for _ in 0..<moments where !findings.areEnough {
        let policies: [SyncPolicy] = [.always, .never, .every(.seconds(3600))]
        let workload = Workload(
          seed: generator.next(), length: Self.length, for: week,
          policy: policies.randomElement(using: &generator) ?? .always)
        let step = Int.random(in: 0..<Self.length / 2, using: &generator)
        let calls = Int.random(in: 0..<Self.mostCalls, using: &generator)
        var trial = TamperingTrial(week, workload, tampering, step: step, calls: calls)
        trial.run()
        if trial.isTamperedWith { findings.count(.tamperings) }
        let way =
          "\(week.name), seed \(seed), \(tampering.rawValue) \(calls) calls after step \(step)"
        for violation in trial.violations { findings.report(.tamperings, "\(way): \(violation)") }
      }
    }
    return findings
  }
}
