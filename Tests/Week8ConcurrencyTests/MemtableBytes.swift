import Basics
import TestSupport
import Week1Memory
import Week4Compaction

@testable import Week8Concurrency

/// The bytes that the keys and values of the memtable's tests consist of: all there are.
let memtableBytes = [UInt8](UInt8.min...UInt8.max)

extension Key {
  /// A key that is likely to be a prefix of another, or to share a long prefix with it.
  static func crowded(using generator: inout SeededGenerator) -> Key {
    let few = Bool.random(using: &generator) ? memtableBytes.prefix(3) : memtableBytes[...]
    let beginnings = [0, 0, 0, 9, 200, Key.maximumLengthOfAnyBytes - 3]
    let beginning = beginnings.randomElement(using: &generator) ?? 0
    let last = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      few.randomElement(using: &generator) ?? few[0]
    }
    return Key(stored: Bytes([UInt8](repeating: memtableBytes[0], count: beginning) + last))
  }
}

extension Entry {
  static func random(using generator: inout SeededGenerator) -> Entry {
    if Int.random(in: 0..<4, using: &generator) == 0 { return .tombstone }
    let length = Int.random(in: 0...40, using: &generator)
    let bytes = (0..<length).map { _ in memtableBytes.randomElement(using: &generator) ?? 0 }
    return .value(Value(stored: Bytes(bytes)))
  }
}
