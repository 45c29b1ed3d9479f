import Testing

extension ProofTests {
  @Suite("Visibility")
  struct VisibilityTests {
    @Test("what a reader has seen, no loss of power takes back")
    func durableBeforeVisible() {
      for seed in Effort.seeds(quick: 6, full: 200) {
        conclude(VisibilityProof(seed: seed).findings())
      }
    }
  }
}
