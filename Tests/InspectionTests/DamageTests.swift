import CrashModel
import Inspection
import TestSupport
import Testing

@Suite("Damage of any kind")
struct DamageTests {
  @Test("whatever is done to its bytes, a file can be inspected, and each fault is in it")
  func mutants() throws {
    var generator = SeededGenerator(seed: 6)
    for sound in [try TestStore.ofTables(), try .ofLevels(), try .ofBlocks(), try .ofBatches()] {
      let names = sound.image.names(in: TestStore.path).filter { $0 != "LOCK" }
      for name in names {
        for _ in 0..<150 {
          var store = sound
          store.put(mutant(of: sound.bytes(name), &generator), name)
          try expectPlaces(in: store, name)
          try expectPlaces(in: store, nil)
        }
      }
    }
  }

  private func expectPlaces(in store: TestStore, _ name: String?) throws {
    let inspected = try store.inspected(name)
    #expect(!inspected.listing.text.isEmpty)
    for fault in inspected.diagnosis.faults {
      let length = store.image.bytes(of: fault.file)?.count ?? 0
      #expect((0...length).contains(fault.offset ?? 0), "\(fault) of \(length) bytes")
    }
  }

  /// Changes some bytes, and removes or repeats a piece.
  private func mutant(of bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...3, using: &generator) where !bytes.isEmpty {
      bytes[.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
    }
    let start = Int.random(in: 0...bytes.count, using: &generator)
    let piece = start..<Int.random(in: start...bytes.count, using: &generator)
    switch Int.random(in: 0...3, using: &generator) {
    case 0: bytes.removeSubrange(piece)
    case 1: bytes.insert(contentsOf: bytes[piece], at: start)
    default: break
    }
    return bytes
  }
}
