#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Bytes that never change: those of a whole buffer, or a part of them.
///
/// A part shares the buffer, and keeps all of it in memory. So a key or a value is handed on, or taken
/// out of a larger piece that was read from a file, without a copy of its bytes. Other engines call
/// this a slice.
///
/// The one place of the engine besides the disk edge that touches memory itself: the system compares
/// and hashes many bytes at a time.
public struct Bytes: Sendable {
  @usableFromInline let buffer: [UInt8]
  // 32 bits are enough for any buffer of ours, and make this as small as a `String`.
  @usableFromInline let start: UInt32
  @usableFromInline let end: UInt32

  /// The bytes of `buffer` that stand in `range`, not copied.
  public init(sharing buffer: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
    self.buffer = buffer
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
  }

  /// A copy of `bytes`.
  public init(_ bytes: some Collection<UInt8>) {
    let copy = Array(bytes)
    self.init(sharing: copy, in: 0..<copy.count)
  }

  private var range: Range<Int> { Int(start)..<Int(end) }

  /// The bytes as text, where they are ASCII.
  public var text: String { String(decoding: buffer[range], as: UTF8.self) }

  /// Whether every byte is below 0x80.
  var isASCII: Bool {
    let span = buffer.span.extracting(range)
    var highBits: UInt8 = 0  // Of all bytes at once: to stop at the first would take longer.
    for i in span.indices { highBits |= span[i] }
    return highBits < 0x80
  }

  /// Where the first byte is for which `isSought` holds.
  func firstOffset(where isSought: (UInt8) -> Bool) -> Int? {
    let span = buffer.span.extracting(range)
    return span.indices.first { isSought(span[$0]) }
  }

  /// Below 0 if these bytes come before `other[range]`, above 0 if after them, 0 if they are the same.
  /// Bytes come after those that they begin with.
  public func compare(_ other: [UInt8], in range: Range<Int>) -> Int {
    precondition(range.upperBound <= other.count)  // `memcmp` reads what it is told to.
    let common = Swift.min(count, range.count)
    let order = unsafe buffer.withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        common == 0
          ? 0
          : unsafe memcmp(
            mine.baseAddress! + Int(start), theirs.baseAddress! + range.lowerBound, common)
      }
    }
    return order != 0 ? Int(order) : count - range.count
  }
}

extension Bytes {
  /// How many bytes from `offset` on are the same as those of `other[range]`, from its start on.
  public func commonPrefix(from offset: Int, with other: [UInt8], in range: Range<Int>) -> Int {
    let (mine, theirs) = (buffer.span.extracting(self.range), other.span.extracting(range))
    var common = 0
    while offset + common < mine.count, common < theirs.count,
      mine[offset + common] == theirs[common]
    {
      common += 1
    }
    return common
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

  /// What lets the library copy all bytes at once.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try unsafe buffer[range].withContiguousStorageIfAvailable(body)
  }
}

extension Bytes: Hashable, Comparable {
  public static func == (a: Bytes, b: Bytes) -> Bool {
    a.count == b.count && a.compare(b.buffer, in: b.range) == 0
  }

  public static func < (a: Bytes, b: Bytes) -> Bool {
    a.compare(b.buffer, in: b.range) < 0
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    unsafe buffer.withUnsafeBytes { bytes in
      unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }
  }
}
