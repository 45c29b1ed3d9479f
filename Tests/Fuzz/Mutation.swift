import Decoders
import LibFuzzer
import TestSupport

/// Mutates an input that has reached something new. In half of the cases it makes the checksums in
/// the bytes match again; otherwise a checksum would end nearly every try.
///
/// The bytes kept are those that the decoder was given, so the file of a failed input is enough to
/// reproduce the failure.
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
  // libFuzzer knows neither our formats nor their tokens; the tests' mutator does.
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

/// Returns the resulting number of bytes.
private func put(
  _ new: [UInt8], _ bytes: UnsafeMutablePointer<UInt8>, _ capacity: Int
) -> Int {
  let count = min(new.count, capacity)
  _ = UnsafeMutableBufferPointer(start: bytes, count: count).update(from: new.prefix(count))
  return count
}
