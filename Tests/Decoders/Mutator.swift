public import TestSupport

/// Turns bytes that a decoder expects into bytes that it does not.
public struct Mutator {
  private var generator: SeededGenerator

  public init(generator: SeededGenerator) {
    self.generator = generator
  }

  /// Tokens that our formats are sensitive to.
  private static let tokens: [String] = [
    "\n", "\"", "\\", "\\u00", "\\u00+1", "\\u0041", ",", "}", "]\n", "[\n", "\u{0}", " 0 ", "-1",
    "{\"key\":\"", "\"value\":\"", "\"deleted\":true", "9223372036854775807",
    "99999999999999999999",
    "1e999", "null", "{\"a\":", "[[[[[[[[", "\"week\":", "sst-000001.json", "\u{fe}\u{ff}",
  ]

  /// One to four changes to `sample`, or, one time in eight, entirely different bytes.
  public mutating func mutant(of sample: [UInt8]) -> [UInt8] {
    if Int.random(in: 0..<8, using: &generator) == 0 {
      return random(.random(in: 0...200, using: &generator))
    }
    var bytes = sample
    for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes) }
    return bytes
  }

  private mutating func random(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &generator) }
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let start = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, start + .random(in: 0...12, using: &generator))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 2: bytes.insert(contentsOf: random(end - start), at: start)
    case 3: bytes.removeLast(bytes.count - start)
    case 4:
      bytes.replaceSubrange(
        start..<end, with: (Self.tokens.randomElement(using: &generator) ?? "").utf8)
    default:
      guard start < bytes.count else { return }
      bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
  }
}
