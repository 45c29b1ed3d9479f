package import Basics
package import Week1Memory

/// Reads a file line by line, in pieces, so that a large file takes little memory.
package struct LineReader: ~Copyable {
  /// The checksum of all bytes read so far.
  package private(set) var checksum = Checksum()
  /// The offset in the file of the line that `next` returned last.
  package private(set) var offset: Int
  private var length = 0
  private var buffer: [UInt8] = []
  /// The offset of the next line in the buffer, and the offset in the file where the buffer ends.
  private var position = 0
  private var end: Int

  private static let pieceLength = 1 << 16

  /// Longer than any line we write: a value of 1 MiB takes 6 MiB if every byte is a control byte.
  package static let maximumLength = 8 << 20

  package init(from offset: Int = 0) {
    self.offset = offset
    end = offset
  }

  /// The next line with its newline, which only the last line may lack. Nil at the end of the file.
  ///
  /// A line longer than `maximumLength` is damage, or space that holds no lines. Only its end is
  /// returned, at most twice that long, which bounds the memory whatever the file holds.
  package mutating func next(of file: borrowing File) throws(StorageError) -> ArraySlice<UInt8>? {
    offset += length
    var searched = position
    while true {
      if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return line(upTo: newline + 1)
      }
      buffer.removeFirst(position)
      position = 0
      if buffer.count > 2 * Self.maximumLength { skip(buffer.count - Self.maximumLength) }
      searched = buffer.count
      let piece = try file.read(at: end, count: Self.pieceLength)
      if piece.isEmpty { return buffer.isEmpty ? nil : line(upTo: buffer.count) }
      checksum.update(piece[...])
      end += piece.count
      buffer += piece
    }
  }

  private mutating func skip(_ count: Int) {
    buffer.removeFirst(count)
    offset += count
  }

  private mutating func line(upTo next: Int) -> ArraySlice<UInt8> {
    let line = buffer[position..<next]
    length = line.count
    position = next
    return line
  }
}
