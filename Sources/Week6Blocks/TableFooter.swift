package import Basics

/// The last 48 bytes of a table: what the file is, and the locations of its index and properties.
///
/// The checksum of a table is that of the first 36 bytes of its footer. They contain the checksums
/// of index and properties, and the index contains those of the data blocks, so one number vouches
/// for every byte (a Merkle tree of three levels).
package struct TableFooter: Equatable, Sendable {
  package let index: BlockHandle
  package let properties: BlockHandle

  package static let length = 48
  private static let (versionOffset, checksumOffset, magicOffset) = (32, 36, 40)
  package static let version: UInt32 = 1
  /// A program that converts line ends in transit damages this and is thereby detected, as in PNG.
  package static let magic = Array("strata\r\n".utf8)

  package var encoded: [UInt8] {
    var bytes = checkedBytes
    Coding.append(checksum, to: &bytes)
    return bytes + Self.magic
  }

  /// The checksum in the manifest. It does not cover all 48 bytes: the CRC of any bytes followed by
  /// their own CRC is always the same number.
  package var checksum: UInt32 { Checksum.of(checkedBytes) }

  private var checkedBytes: [UInt8] {
    var bytes: [UInt8] = []
    for handle in [index, properties] {
      Coding.append(UInt64(handle.offset), to: &bytes)
      Coding.append(UInt32(handle.length), to: &bytes)
      Coding.append(handle.checksum, to: &bytes)
    }
    Coding.append(Self.version, to: &bytes)
    return bytes
  }

  init(index: BlockHandle, properties: BlockHandle) {
    self.index = index
    self.properties = properties
  }

  /// Reads the footer of a file of `size` bytes from its last bytes.
  package init(_ bytes: [UInt8], ofFile size: Int) throws(MalformedText) {
    guard bytes.count == Self.length else {
      throw MalformedText(at: bytes.count, "a table is longer than this")
    }
    guard bytes[Self.magicOffset...].elementsEqual(Self.magic) else {
      let reason = "a table ends with strata, and this file does not"
      throw MalformedText(at: Self.magicOffset, reason)
    }
    let version = Coding.number(UInt32.self, in: bytes, at: Self.versionOffset)
    let checksum = Checksum.of(Array(bytes[..<Self.checksumOffset]))
    guard checksum == Coding.number(in: bytes, at: Self.checksumOffset) else {
      throw MalformedText(at: 0, "the checksum of its footer is wrong")
    }
    guard version == Self.version else {
      let reason = "its version is \(version), and this is version \(Self.version)"
      throw MalformedText(at: Self.versionOffset, reason)
    }
    index = try Self.handle(in: bytes, at: 0, upTo: size - Self.length)
    properties = try Self.handle(in: bytes, at: 16, upTo: size - Self.length)
    guard index.end == properties.offset, properties.end == size - Self.length else {
      throw MalformedText(at: 0, "index, properties and footer do not follow one another")
    }
  }

  private static func handle(
    in bytes: [UInt8], at offset: Int, upTo end: Int
  ) throws(MalformedText) -> BlockHandle {
    let start = Coding.number(UInt64.self, in: bytes, at: offset)
    let length = Int(Coding.number(UInt32.self, in: bytes, at: offset + 8))
    guard start <= UInt64(max(0, end)), length <= end - Int(start) else {
      throw MalformedText(at: offset, "the footer points over the end of the file")
    }
    let checksum = Coding.number(UInt32.self, in: bytes, at: offset + 12)
    return BlockHandle(offset: Int(start), length: length, checksum: checksum)
  }
}
