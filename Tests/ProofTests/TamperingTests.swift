import Testing

extension ProofTests {
  @Suite("Tampering")
  struct TamperingTests {
    @Test(
      "a directory that is renamed, replaced or removed under an engine swallows no answered write",
      arguments: ProvenWeek.all)
    func tampering(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 100) {
        conclude(TamperingProof(week: week, seed: seed).findings())
      }
    }
  }
}
