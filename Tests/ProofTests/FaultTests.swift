import TestSupport
import Testing

extension ProofTests {
  @Suite("Faults")
  struct FaultTests {
    @Test(
      "a call that fails loses nothing, stops the writes, and is over with a restart",
      arguments: ProvenWeek.all)
    func everyCallFails(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 2) {
        let workload = Workload(seed: seed, length: Effort.choose(quick: 14, full: 80), for: week)
        let proof = FaultProof(
          week: week, workload: workload, every: Effort.choose(quick: 11, full: 1))
        conclude(proof.findings())
      }
    }

    @Test(
      "a full disk loses nothing, and a restart accepts writes once there is room",
      arguments: ProvenWeek.all)
    func fullDisk(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 2) {
        let workload = Workload(seed: seed, length: Effort.choose(quick: 14, full: 80), for: week)
        let proof = FaultProof(
          week: week, workload: workload, every: Effort.choose(quick: 11, full: 1))
        conclude(proof.fullDiskFindings())
      }
    }
  }
}
