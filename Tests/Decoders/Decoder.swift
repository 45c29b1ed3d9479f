/// A part that turns bytes into something else, and may be given any: what it takes, and what must be
/// true of what it makes of them.
///
/// The tests give it mutants of its samples, and the fuzzer whatever reaches more of its code. Both
/// ask `fault` about each.
public struct Decoder: Sendable, CustomStringConvertible {
  public let name: String
  /// Bytes that it takes, for a start.
  public let samples: [[UInt8]]
  /// Makes the checksums in these bytes match, where it can see them: next to no mutant has one that
  /// does, and what is behind it would never be met.
  public let seal: @Sendable ([UInt8]) -> [UInt8]
  /// Decodes, and returns what is wrong with what came of it. An error is right; nil is.
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

  /// Those of whole files, which are fuzzed, the slowest first. A new format joins here.
  public static let files = [
    table, blockTable, log, batchLog, scenario, manifest, levelManifest, storeManifest, bloomFilter,
  ]
  /// Those of what files are made of.
  public static let parts = [key, value, string, row, entryRow, logRecord]
  /// The same files as an earlier week reads them.
  public static let earlierFiles = [valueLog, valueTable]

  public static let all = parts + files + earlierFiles
}
