import Basics

/// The location of a block in a table, and the checksum of its bytes.
///
/// The checksum is here and not beside the block, so that it also detects a whole block in the
/// wrong place: from another table, or from elsewhere in this one.
package struct BlockHandle: Equatable, Sendable {
  package let offset: Int
  package let length: Int
  package let checksum: UInt32

  package var end: Int { offset + length }

  /// Its form in an index: two varints, and four bytes of checksum.
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
      throw MalformedText(at: position, "a handle does not end with a checksum")
    }
    checksum = Coding.number(in: bytes, at: position)
  }
}
