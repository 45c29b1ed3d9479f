import Client
import Testing

struct RandomTests {
  @Test("the random number generator gives the numbers of its published version")
  func reference() {
    var random = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.indices.map { _ in random.next() } == expected)
  }

  @Test("a number below a bound is below it, and each of them occurs")
  func bounds() {
    var random = SplitMix64(seed: 7)
    var counts = Array(repeating: 0, count: 10)
    for _ in 0..<10_000 { counts[random.below(10)] += 1 }
    #expect(counts.allSatisfy { (800...1200).contains($0) })
    #expect((0..<100).allSatisfy { _ in random.below(1) == 0 })
  }
}
