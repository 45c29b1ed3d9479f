import Decoders

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The fuzzer for the decoders of files. libFuzzer provides `main`, and calls the functions marked
// with @c.
//
//   Fuzz                              the decoders
//   Fuzz log -runs=1000000 corpus     tries inputs, and keeps in corpus those that reach more code
//   Fuzz log crash-…                  retries one that failed
//
// An input fails if it traps, if it takes too much memory or time, or if the decoder's own check,
// the one from the tests, finds something wrong with the result.

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
  // libFuzzer takes unknown arguments for a corpus.
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
