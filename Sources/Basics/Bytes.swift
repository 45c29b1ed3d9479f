#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Immutable bytes: a whole buffer or a part of one. Other engines call this a slice.
///
/// A part shares its buffer and keeps all of it alive, so a key or a value can be cut out of a
/// larger block read from a file without copying.
public struct Bytes: Sendable {
  @usableFromInline let buffer: [UInt8]
  // 32-bit offsets reach anywhere in our buffers, and make a `Bytes` as small as a `String`.
  @usableFromInline let start: UInt32
  @usableFromInline let end: UInt32

  /// The bytes of `buffer` in `range`, without a copy.
  @inlinable
  public init(sharing buffer: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
    self.buffer = buffer
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
  }

  /// A copy of `bytes`.
  @inlinable  // Specialized for a known collection, it is one bulk copy.
  public init(_ bytes: some Collection<UInt8>) {
    let copy = Array(bytes)
    self.init(sharing: copy, in: 0..<copy.count)
  }

  @inlinable var range: Range<Int> { Int(start)..<Int(end) }

  /// The same bytes as a slice of the shared buffer.
  public var slice: ArraySlice<UInt8> { buffer[range] }

  /// The bytes decoded as UTF-8.
  public var text: String { String(decoding: slice, as: UTF8.self) }

  /// Whether every byte is below 0x80. O(`count`).
  public var isASCII: Bool { bitwiseOr { $0 } < 0x80 }

  /// The bitwise OR of `bits` over all bytes. O(`count`).
  ///
  /// It never stops early: if `bits` has no branch, the compiler tests many bytes per instruction,
  /// which is faster than stopping at the first byte that fails.
  @inlinable
  public func bitwiseOr(of bits: (UInt8) -> UInt8) -> UInt8 {
    let span = buffer.span.extracting(range)
    var union: UInt8 = 0
    for i in span.indices { union |= bits(span[i]) }
    return union
  }

  /// The offset of the first byte that satisfies the predicate. O(`count`).
  @inlinable
  public func firstOffset(where isSought: (UInt8) -> Bool) -> Int? {
    let span = buffer.span.extracting(range)
    return span.indices.first { isSought(span[$0]) }
  }

  /// Negative if these bytes sort before `other[range]`, positive if after, 0 if they are equal. A
  /// prefix sorts before any longer sequence.
  public func compare(to other: [UInt8], in range: Range<Int>) -> Int {
    compare(to: other.span.extracting(range))
  }

  /// As above.
  public func compare(to other: Span<UInt8>) -> Int {
    let mine = Int(end &- start)
    let order = unsafe buffer.withUnsafeBufferPointer { bytes in
      unsafe other.withUnsafeBufferPointer { others in
        guard let a = bytes.baseAddress, let b = others.baseAddress else { return 0 }
        return unsafe Int(memcmp(a + Int(start), b, Swift.min(mine, others.count)))
      }
    }
    return order != 0 ? order : mine &- other.count
  }

  /// The length of the longest common prefix of `self[offset...]` and `other[range]`.
  @inlinable
  public func commonPrefix(from offset: Int = 0, with other: [UInt8], in range: Range<Int>) -> Int {
    let (mine, theirs) = (buffer.span.extracting(self.range), other.span.extracting(range))
    var common = 0
    while offset + common < mine.count, common < theirs.count,
      mine[offset + common] == theirs[common]
    {
      common += 1
    }
    return common
  }

  /// The eight bytes from `offset` on as a number, with zeros for those that are not there. Of two such
  /// numbers that differ, the smaller belongs to the bytes that come first.
  @inlinable
  public func head(from offset: Int) -> UInt64 {
    let rest = buffer.span.extracting(range).extracting(droppingFirst: offset)
    if rest.count >= 8 {
      // Its bounds are checked, and every bit pattern is a number.
      return UInt64(bigEndian: unsafe rest.bytes.unsafeLoadUnaligned(as: UInt64.self))
    }
    var head: UInt64 = 0
    for i in rest.indices { head |= UInt64(rest[i]) << (56 - 8 * i) }
    return head
  }

  /// The length of the longest common prefix.
  public func commonPrefix(with other: Bytes) -> Int {
    commonPrefix(with: other.buffer, in: other.range)
  }
}

extension Bytes: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }
  @inlinable public var count: Int { Int(end - start) }
  @inlinable public var isEmpty: Bool { start == end }

  @inlinable
  public subscript(offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < count)
    return buffer[Int(start) + offset]
  }

  /// Lets the standard library copy the bytes in bulk.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try unsafe slice.withContiguousStorageIfAvailable(body)
  }
}

extension Bytes: Hashable, Comparable {
  @inlinable
  public static func == (a: Bytes, b: Bytes) -> Bool {
    a.count == b.count && a.compare(to: b.buffer, in: b.range) == 0
  }

  @inlinable
  public static func < (a: Bytes, b: Bytes) -> Bool {
    a.compare(to: b.buffer, in: b.range) < 0
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    unsafe buffer.withUnsafeBytes { bytes in
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }
}
