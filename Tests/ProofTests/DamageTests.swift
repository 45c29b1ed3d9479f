import TestSupport
import Testing

extension ProofTests {
  @Suite("Damage")
  struct DamageTests {
    @Test("a cut file or a flipped bit is reported, or changes nothing", arguments: ProvenWeek.all)
    func everyByte(week: ProvenWeek) {
      for seed in Effort.seeds(quick: 1, full: 3) {
        let bits = Effort.choose(quick: 1, full: 8)
        let every = Effort.choose(quick: 5, full: 1)
        let proof = DamageProof(week: week, seed: seed, bitsPerByte: bits, every: every)
        conclude(proof.findings())
      }
    }
  }
}
