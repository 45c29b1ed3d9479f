package import Basics
package import Week1Memory

/// Reads a file line by line from its start, in pieces, so that a large file takes little memory.
package struct LineReader: ~Copyable {
  /// Of all bytes read so far.
  package private(set) var checksum = Checksum()
  /// Where the line that `next` returned last begins.
  package private(set) var offset = 0
  private var length = 0
  private var buffer: [UInt8] = []
  /// Where in the buffer the next line begins, and where the buffer ends in the file.
  private var position = 0
  private var end = 0

  private static let pieceLength = 1 << 16

  package init() {}

  /// The next line with its newline, which only the last line may lack. Nil at the end of the file.
  package mutating func next(of file: borrowing File) throws(StorageError) -> ArraySlice<UInt8>? {
    offset += length
    var searched = position
    while true {
      if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return line(upTo: newline + 1)
      }
      searched = buffer.count - position
      buffer.removeFirst(position)
      position = 0
      let piece = try file.read(at: end, count: Self.pieceLength)
      if piece.isEmpty { return buffer.isEmpty ? nil : line(upTo: buffer.count) }
      checksum.update(piece[...])
      end += piece.count
      buffer += piece
    }
  }

  private mutating func line(upTo next: Int) -> ArraySlice<UInt8> {
    let line = buffer[position..<next]
    length = line.count
    position = next
    return line
  }
}
