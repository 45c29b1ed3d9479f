import Basics
import Testing
import Week1Memory
import Week8Concurrency

@Suite("From week 8 on")
struct AnyBytesTests {
  @Test("a key may hold any bytes, 1 to 1,024 of them")
  func keys() throws {
    let all = Bytes(0...255)
    #expect(try Key(anyBytes: all).bytes == all)
    let long = Bytes(repeatElement(0xff, count: 1_024))
    #expect(try Key(anyBytes: long).bytes == long)
    #expect(throws: InvalidInput.keyIsEmpty) { try Key(anyBytes: Bytes([])) }
    let error = try #require(throws: InvalidInput.self) {
      try Key(anyBytes: Bytes(repeatElement(0, count: 1_025)))
    }
    #expect(error == .keyIsTooLong(bytes: 1_025, limit: 1_024))
    #expect(error.description == "a key has at most 1024 bytes; this one has 1025")
  }

  @Test("keys are ordered by their bytes, as unsigned numbers")
  func order() throws {
    let keys = try [[0], [0, 0], [0x61], [0x7f], [0x80], [0xff], [0xff, 0]].map { bytes in
      try Key(anyBytes: Bytes(bytes))
    }
    #expect(keys.shuffled().sorted() == keys)
  }

  @Test("a value may hold any bytes, up to 1 MiB of them")
  func values() throws {
    for bytes in [Bytes([]), Bytes(0...255), Bytes(repeatElement(0x80, count: 1 << 20))] {
      #expect(try Value(anyBytes: bytes).bytes == bytes)
    }
    #expect(throws: InvalidInput.valueIsTooLong(bytes: (1 << 20) + 1)) {
      try Value(anyBytes: Bytes(repeatElement(0, count: (1 << 20) + 1)))
    }
  }
}
