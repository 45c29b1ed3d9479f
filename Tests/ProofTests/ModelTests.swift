import TestSupport
import Testing

extension ProofTests {
  @Suite("Models")
  struct ModelTests {
    @Test("an engine behaves like a dictionary", arguments: ProvenWeek.all)
    func simulatedDisk(week: ProvenWeek) {
      let proof = ModelProof(week: week, length: 100)
      for seed in Effort.seeds(quick: 3, full: 500) { conclude(proof.findings(seed: seed)) }
    }

    @Test("an engine on a real disk behaves like a dictionary", arguments: ProvenWeek.all)
    func realDisk(week: ProvenWeek) {
      let proof = ModelProof(week: week, length: 60)
      for seed in Effort.seeds(quick: 2, full: 50) {
        conclude(proof.findingsOnRealDisk(seed: seed))
      }
    }
  }
}
