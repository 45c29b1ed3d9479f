import TestSupport
import Testing

extension ProofTests {
  @Suite("Visibility")
  struct VisibilityTests {
    @Test("a power failure takes back nothing that a reader has seen")
    func durableBeforeVisible() {
      for seed in Effort.seeds(quick: 6, full: 200) {
        conclude(VisibilityProof(seed: seed).findings())
      }
    }
  }
}
