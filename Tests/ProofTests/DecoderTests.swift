import Decoders
import TestSupport
import Testing

extension ProofTests {
  @Suite("Decoders")
  struct DecoderTests {
    @Test(
      "a decoder takes any bytes: an error, or something that can be used",
      arguments: Decoder.all)
    func anyBytes(decoder: Decoder) {
      conclude(findings(decoder, inputs: Effort.choose(quick: 600, full: 100_000)))
    }

    @Test("a decoder accepts what the engine writes", arguments: Decoder.all)
    func samples(decoder: Decoder) {
      for sample in decoder.samples { #expect(decoder.fault(sample) == nil) }
    }
  }
}

/// Gives a decoder this many mutants of its samples.
func findings(_ decoder: Decoder, inputs: Int) -> Findings {
  var findings = Findings()
  var mutator = Mutator(generator: SeededGenerator(seed: Effort.seed))
  for number in 0..<inputs where !findings.areEnough {
    let mutant = mutator.mutant(of: decoder.samples[number % decoder.samples.count])
    let bytes = number / decoder.samples.count % 2 == 0 ? mutant : decoder.seal(mutant)
    findings.count(.decoderInputs)
    if let fault = decoder.fault(bytes) {
      let text = String(decoding: bytes, as: UTF8.self).debugDescription
      findings.report(.decoderInputs, "\(decoder.name), input \(number), \(text): \(fault)")
    }
  }
  return findings
}
