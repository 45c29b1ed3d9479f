import Basics
import TestSupport
import Testing

struct ChecksumTests {
  @Test("the checksum is CRC-32C: it gives the published values")
  func published() {
    // RFC 3720 (iSCSI), B.4, and the check value of the CRC catalogue.
    #expect(Checksum.of(Array("123456789".utf8)) == 0xe306_9283)
    #expect(Checksum.of([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(Checksum.of([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(Checksum.of(Array(0..<32)) == 0x46dd_794e)
    #expect(Checksum.of([]) == 0)
  }

  @Test("bytes in pieces give the same checksum as all at once")
  func pieces() {
    let bytes = (0..<100).map { UInt8($0 &* 37 & 0xff) }
    for cut in 0...100 {
      var checksum = Checksum()
      checksum.update(bytes[..<cut])
      checksum.update(bytes[cut...])
      #expect(checksum.value == Checksum.of(bytes))
    }
  }

  @Test("the table gives what the processor's instruction gives, for every length")
  func table() {
    var generator = SeededGenerator.fromEnvironment()
    for length in Array(0..<300) + Array(stride(from: 301, to: 4_000, by: 59)) {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let byTable = ~Checksum.byTable(0xffff_ffff, bytes[...])
      #expect(byTable == Checksum.of(bytes), "seed \(generator.seed)")
    }
  }

  @Test("it is spelled as eight hexadecimal digits")
  func text() {
    #expect(Checksum.text(0xab) == "000000ab")
    #expect(Checksum.text(.max) == "ffffffff")
  }
}
