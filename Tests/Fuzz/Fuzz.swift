import Decoders

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The fuzzer of the decoders of files. libFuzzer has `main`, and calls what is marked with @c.
//
//   Fuzz                              the decoders
//   Fuzz log -runs=1000000 corpus     tries inputs, and keeps in corpus those that reach more code
//   Fuzz log crash-…                  tries one that failed again
//
// An input fails when it traps, when it takes too much memory or time, and when the decoder's own
// check, which is that of the tests, finds something wrong with what came of it.

@c(LLVMFuzzerInitialize)
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let texts = (0..<Int(count.pointee)).map {
    arguments.pointee[$0].map { String(cString: $0) } ?? ""
  }
  guard texts.count > 1, Target.select(texts[1]) else {
    for decoder in Decoder.files { print(Target.argument(for: decoder)) }
    exit(texts.count > 1 ? 64 : 0)
  }
  // libFuzzer takes for a corpus what it does not know.
  for index in 1..<texts.count { arguments.pointee[index] = arguments.pointee[index + 1] }
  count.pointee -= 1
  return 0
}

@c(LLVMFuzzerTestOneInput)
public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  if let fault = Target.decoder?.fault(input) {
    // libFuzzer catches this, and writes the input to a file.
    fatalError("\(fault); in \(String(decoding: input, as: UTF8.self).debugDescription)")
  }
  return 0
}
