import Basics

/// The location of a record: the number of its log, and an offset in it.
package struct RecordPlace: Equatable, Sendable {
  package let log: Int
  package let offset: Int

  package init(log: Int, offset: Int) {
    self.log = log
    self.offset = offset
  }

  /// Part of the header's checksum, so that a record is valid only where it was written, and a
  /// value that contains bytes of a log never looks like a record.
  var mark: UInt32 {
    UInt32(truncatingIfNeeded: offset) ^ (UInt32(truncatingIfNeeded: log) &* 0x9e37_79b9)
  }
}

/// What precedes the writes of a record: 32 bytes, with their own checksum.
///
/// So a search for records among damaged bytes needs only the checksum of 28 bytes at each offset,
/// and never trusts a length that was not written.
package struct RecordHeader: Equatable, Sendable {
  /// The number of the record's first write. Writes are numbered from 1, without a gap, across all
  /// records and logs.
  package let sequence: UInt64
  /// Every write up to this number was on disk when the record was written: the record vouches for
  /// them. If one of them is bad now, no crash did that.
  package let synced: UInt64
  package let writes: Int
  let bodyLength: Int
  /// CRC-32C of the body.
  let bodyChecksum: UInt32

  /// The length of a header.
  package static let length = 32
  /// More writes than anyone will make, and far enough from overflow to keep counting.
  static let maximumSequence: UInt64 = 1 << 62

  /// The length of header and body.
  package var recordLength: Int { Self.length + bodyLength }
  /// The number of the record's last write.
  package var lastSequence: UInt64 { sequence + UInt64(writes) - 1 }
}

// In the file, numbers are little-endian.
extension RecordHeader {
  private static let lengthOffset = 4
  private static let bodyChecksumOffset = 8
  private static let writesOffset = 12
  private static let sequenceOffset = 16
  private static let syncedOffset = 24

  /// Overwrites the 32 bytes at `start`, which must exist, with the header.
  func put(into log: inout [UInt8], at start: Int, _ place: RecordPlace) {
    log.put(UInt32(bodyLength), at: start + Self.lengthOffset)
    log.put(bodyChecksum, at: start + Self.bodyChecksumOffset)
    log.put(UInt32(writes), at: start + Self.writesOffset)
    log.put(sequence, at: start + Self.sequenceOffset)
    log.put(synced, at: start + Self.syncedOffset)
    log.put(Self.checksum(in: log, at: start, place), at: start)
  }

  /// Reads the 32 bytes at `start`, which must exist. Nil if they are not a header written at this
  /// place.
  package init?(in bytes: [UInt8], at start: Int, _ place: RecordPlace) {
    // Cheap conditions first: in a search, nearly every offset fails the first one.
    bodyLength = Int(bytes.number(at: start + Self.lengthOffset) as UInt32)
    guard (1...BatchRecord.maximumBodyLength).contains(bodyLength) else { return nil }
    bodyChecksum = bytes.number(at: start + Self.bodyChecksumOffset)
    writes = Int(bytes.number(at: start + Self.writesOffset) as UInt32)
    sequence = bytes.number(at: start + Self.sequenceOffset)
    synced = bytes.number(at: start + Self.syncedOffset)
    guard (1...bodyLength).contains(writes), sequence <= Self.maximumSequence, synced < sequence,
      bytes.number(at: start) == Self.checksum(in: bytes, at: start, place)
    else { return nil }
  }

  private static func checksum(in bytes: [UInt8], at start: Int, _ place: RecordPlace) -> UInt32 {
    Checksum.of(bytes[start + lengthOffset..<start + length]) ^ place.mark
  }
}

extension [UInt8] {
  fileprivate func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
    // The bounds are checked, and every bit pattern is a valid number.
    Number(
      littleEndian: unsafe span.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  fileprivate mutating func put(_ number: some FixedWidthInteger & BitwiseCopyable, at offset: Int)
  {
    var span = mutableSpan
    var bytes = unsafe span.mutableBytes  // The bounds are checked.
    bytes.storeBytes(of: number.littleEndian, toByteOffset: offset, as: type(of: number))
  }
}
