import Basics
import Week2LSM

/// Where in a table a block stands, and the checksum of its bytes.
///
/// The checksum is kept here and not beside the block, so that it also tells a block from another
/// one that is whole: from the same place of another table, or from another place of this one.
package struct BlockHandle: Equatable, Sendable {
  package let offset: Int
  package let length: Int
  package let checksum: UInt32

  package var end: Int { offset + length }

  /// In an index: two varints, and the checksum in four bytes.
  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    Coding.append(varint: offset, to: &bytes)
    Coding.append(varint: length, to: &bytes)
    Coding.append(checksum, to: &bytes)
    return bytes
  }

  init(offset: Int, length: Int, checksum: UInt32) {
    self.offset = offset
    self.length = length
    self.checksum = checksum
  }

  init(in bytes: [UInt8], at range: Range<Int>) throws(MalformedText) {
    var position = range.lowerBound
    offset = try Coding.varint(in: bytes, at: &position, before: range.upperBound)
    length = try Coding.varint(in: bytes, at: &position, before: range.upperBound)
    guard range.upperBound - position == 4 else {
      throw MalformedText(at: position, "the place of a block ends with its checksum")
    }
    checksum = Coding.number(in: bytes, at: position)
  }
}
