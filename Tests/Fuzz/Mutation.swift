import Decoders
import LibFuzzer
import TestSupport

/// Makes an input out of one that has reached something new. Without this, a checksum would end
/// nearly every try: in half of them, those in the bytes are made to match again.
///
/// What is kept is what the decoder was given, so a file that failed is all that it takes to see the
/// failure again.
@c(LLVMFuzzerCustomMutator)
public func mutate(
  _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: CUnsignedInt
) -> Int {
  guard let decoder = Target.decoder else { return count }
  let capacity = min(capacity, max(1_000, (decoder.samples.map(\.count).max() ?? 0) + 200))
  let count = min(count, capacity)
  var generator = SeededGenerator(seed: UInt64(seed))
  func mutant(of bytes: [UInt8]) -> [UInt8] {
    var mutator = Mutator(generator: generator)
    return mutator.mutant(of: bytes)
  }
  // libFuzzer knows neither our formats nor their tokens; the mutator of the tests does.
  let input = UnsafeBufferPointer(start: bytes, count: count)
  let length =
    switch Int.random(in: 0..<8, using: &generator) {
    case 0:
      put(mutant(of: decoder.samples.randomElement(using: &generator) ?? []), bytes, capacity)
    case 1, 2: put(mutant(of: Array(input)), bytes, capacity)
    default: LLVMFuzzerMutate(bytes, count, capacity)
    }
  guard Bool.random(using: &generator) else { return length }
  return put(decoder.seal(Array(UnsafeBufferPointer(start: bytes, count: length))), bytes, capacity)
}

/// Returns how many bytes there are then.
private func put(
  _ new: [UInt8], _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: Int
) -> Int {
  let count = min(new.count, capacity)
  _ = UnsafeMutableBufferPointer(start: bytes, count: count).update(from: new.prefix(count))
  return count
}
