import Testing

/// The durability contract, tested as far as the effort allows. `STRATA_PROOF=full` tries more;
/// `STRATA_SEED` tries something else.
@Suite("Durability proofs", .printsFigures)
enum ProofTests {}

/// Counts what a proof has tried, and fails the test for each violation it has found.
func conclude(_ findings: Findings) {
  Figures.shared.add(findings)
  for violation in findings.violations { Issue.record("\(violation)") }
}
