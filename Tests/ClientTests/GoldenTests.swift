import Client
import Testing

/// The output that a seed has always given. It may never change: a seed that someone noted must
/// still give the scenario that failed.
struct GoldenTests {
  @Test("the first lines of a scenario are these")
  func firstLines() {
    #expect(
      Generator.scenario(.putDeleteScan, requests: 12, seed: 21) == """
        # generate put-delete-scan --lines 12 --seed 21
        # For a server that holds nothing yet.
        PUT clwcj 692
        PUT mluup 292
        GET aowng NOT_FOUND
        PUT clwcj 419
        GET clwcj 419
        PUT ymchl 84
        PUT rojsc 433
        PUT rojsc 701
        PUT bwilo 988
        PUT jaggy 850
        SCAN jaggy zzzzzz jaggy,mluup,rojsc,ymchl
        DELETE jaggy

        """)
  }

  @Test(
    "whole scenarios have these checksums",
    arguments: [
      (Workload.put, 8_765_640_730_799_713_430 as UInt64),
      (.putDelete, 5_856_754_840_895_853_203),
      (.putDeleteScan, 10_400_021_800_655_077_978),
      (.concurrency, 1_043_997_955_758_934_034),
    ])
  func checksums(kind: Workload, checksum: UInt64) {
    #expect(fnv1a(Generator.scenario(kind, requests: 5_000, seed: 42)) == checksum)
  }

  /// The 64-bit FNV-1a hash.
  private func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
