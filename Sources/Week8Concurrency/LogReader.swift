import Basics
package import Disk
package import Week1Memory

/// Reads one log in pieces. Needs memory for a piece, or for a longer record.
package struct LogReader: ~Copyable {
  package let number: Int
  /// The size of the file when it was opened.
  package let size: Int
  /// The last piece read. It is never changed, so what is found in it may share its bytes.
  private(set) var piece: [UInt8] = []
  /// The offset of the piece in the file.
  private var start = 0
  private let file: File

  private static let pieceLength = 1 << 18

  init(_ number: Int, in directory: Directory) throws(StorageError) {
    try self.init(number, try directory.open(LogName.fileName(number)))
  }

  /// Reads `file` as log `number`, whatever its name.
  package init(_ number: Int, _ file: consuming File) throws(StorageError) {
    size = try file.size()
    self.file = file
    self.number = number
  }

  package var path: String { file.path }

  /// The header at `offset`, or nil if there is none.
  package mutating func header(at offset: Int) throws(StorageError) -> RecordHeader? {
    guard let range = try range(of: RecordHeader.length, at: offset) else { return nil }
    let place = RecordPlace(log: number, offset: offset)
    return RecordHeader(in: piece, at: range.lowerBound, place)
  }

  /// The range in `piece` of the body of the record at `offset`, or nil if its checksum is wrong.
  package mutating func body(
    of header: RecordHeader, at offset: Int
  ) throws(StorageError) -> Range<Int>? {
    let offset = offset + RecordHeader.length
    guard let range = try range(of: header.bodyLength, at: offset),
      Checksum.of(piece[range]) == header.bodyChecksum
    else { return nil }
    return range
  }

  /// Looks for headers at every offset from `offset` on, except inside the bodies of those it finds,
  /// and calls `visit` with each and its offset. Returns the end of the last nonzero byte, or `offset`.
  package mutating func search(
    from offset: Int, _ visit: (RecordHeader, _ offset: Int) throws(StorageError) -> Void
  ) throws(StorageError) -> Int {
    var (position, end) = (offset, offset)
    while let next = try firstByte(from: position) {
      // No header begins with eight zeros: the second four are the length of its body.
      position = max(position, next - 7)
      while position <= next {
        if let header = try header(at: position) {
          try visit(header, position)
          end = min(position + header.recordLength, size)
          position = end
        } else {
          position += 1
        }
      }
      end = max(end, next + 1)
    }
    return end
  }

  /// The offset of the first nonzero byte from `offset` on.
  private mutating func firstByte(from offset: Int) throws(StorageError) -> Int? {
    var offset = offset
    while offset < size, let range = try range(of: 1, at: offset) {
      let rest = piece.span.extracting(range.lowerBound...)
      if let first = rest.indices.first(where: { rest[$0] != 0 }) { return offset + first }
      offset += rest.count
    }
    return nil
  }

  /// The range in `piece` of `count` bytes of the file at `offset`; nil if the file ends before them.
  private mutating func range(of count: Int, at offset: Int) throws(StorageError) -> Range<Int>? {
    guard count <= size - offset else { return nil }
    if offset < start || offset + count > start + piece.count {
      piece = []  // First, so that there are never two in memory.
      piece = try file.read(at: offset, count: min(max(count, Self.pieceLength), size - offset))
      start = offset
      if piece.count < count { return nil }
    }
    return offset - start..<offset - start + count
  }
}
