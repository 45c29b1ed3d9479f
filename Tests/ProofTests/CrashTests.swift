import CrashModel
import TestSupport
import Testing
import Week3WAL

extension ProofTests {
  @Suite("Crashes")
  struct CrashTests {
    /// The two certain outcomes that lose least and most, and one that tears everything.
    private static let fewOutcomes: [CrashOutcome] = [
      .kill, .powerLoss(names: .none, bytes: .none),
      .powerLoss(names: .anySubset, bytes: .anyBytes),
    ]

    @Test(
      "after a crash at any call, the writes are a prefix with every acknowledged one",
      arguments: ProvenWeek.all)
    func crashAtEveryCall(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 2) {
        let workload = Workload(seed: seed, length: Effort.choose(quick: 20, full: 120), for: week)
        let proof = CrashProof(
          week: week, workload: workload, draws: Effort.choose(quick: 1, full: 4),
          againEvery: Effort.choose(quick: 40, full: 25),
          recoveryOutcomes: Effort.choose(quick: Self.fewOutcomes, full: CrashOutcome.standard))
        conclude(proof.findings())
      }
    }

    @Test(
      "without a sync for each write, a loss of power takes only the newest",
      arguments: Effort.choose(quick: ProvenWeek.sample, full: ProvenWeek.all).filter(\.hasLog),
      [SyncPolicy.never, .every(.seconds(3600))])
    func crashWithoutSyncs(week: ProvenWeek, policy: SyncPolicy) {
      for seed in Effort.seeds(quick: 1, full: 2) {
        let workload = Workload(
          seed: seed, length: Effort.choose(quick: 12, full: 120), for: week, policy: policy)
        let proof = CrashProof(
          week: week, workload: workload, draws: Effort.choose(quick: 1, full: 4),
          againEvery: Effort.choose(quick: 40, full: 25), figure: .policyCrashStates)
        conclude(proof.findings())
      }
    }
  }
}
