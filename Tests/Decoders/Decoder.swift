/// A decoder that may be given any bytes: what it accepts, and what must be true of the result.
///
/// The tests give it mutants of its samples, and the fuzzer whatever reaches more of its code. Both
/// call `fault` with each.
public struct Decoder: Sendable, CustomStringConvertible {
  public let name: String
  /// Valid inputs to start from.
  public let samples: [[UInt8]]
  /// Makes the checksums in these bytes match, where it can: almost no mutant has correct ones, and
  /// the code behind the checksum would never be reached.
  public let seal: @Sendable ([UInt8]) -> [UInt8]
  /// Decodes, and returns what is wrong with the result. An error is fine; then it is nil.
  public let fault: @Sendable ([UInt8]) -> String?

  public init(
    _ name: String, samples: [[UInt8]],
    sealedBy seal: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 },
    fault: @escaping @Sendable ([UInt8]) -> String?
  ) {
    self.name = name
    self.samples = samples
    self.seal = seal
    self.fault = fault
  }

  public var description: String { name }

  /// Decoders of whole files, which are fuzzed, the slowest first. Add a new format here.
  public static let files = [
    table, blockTable, log, batchLog, scenario, manifest, levelManifest, storeManifest, bloomFilter,
  ]
  /// Decoders of parts of files.
  public static let parts = [key, value, string, row, entryRow, logRecord]
  /// The same files as an earlier week reads them.
  public static let earlierFiles = [valueLog, valueTable]

  public static let all = parts + files + earlierFiles
}
