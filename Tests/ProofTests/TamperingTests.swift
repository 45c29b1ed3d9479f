import TestSupport
import Testing

extension ProofTests {
  @Suite("Tampering")
  struct TamperingTests {
    @Test(
      "no answered write is lost in a directory that is renamed, replaced or removed",
      arguments: ProvenWeek.all)
    func tampering(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 100) {
        conclude(
          TamperingProof(week: week, seed: seed, moments: Effort.choose(quick: 2, full: 4))
            .findings())
      }
    }
  }
}
