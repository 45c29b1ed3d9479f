import CRC32CInstruction
public import Week2LSM

extension Checksum {
  private static let processorHasIt = crc32c_instruction_exists()

  /// As `of`, by the processor's instruction for CRC-32C where it has one: about ten times as fast.
  public static func byProcessor(of bytes: [UInt8]) -> UInt32 {
    guard processorHasIt else { return of(bytes) }
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe ~crc32c_instruction_update(0xffff_ffff, buffer.baseAddress, buffer.count)
    }
  }
}
