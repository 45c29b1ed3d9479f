import Basics
import NIOCore
import Week1Memory
import Week2LSM
import Week4Compaction

/// The keys of a range as the text of an answer, a piece at a time, so that a scan takes no more
/// memory for a long range than for a short one.
struct ScannedKeys: Sendable {
  /// Enough to make the way to the engine's thread and back worth it, and little enough that what
  /// others ask of the engine comes in between.
  static let pieceBytes = 16 << 10

  private var rows: (any Cursor<Value> & Sendable)?
  private var left: Int
  private var isFirst = true
  private(set) var isFinished = false

  init(_ rows: (any Cursor<Value> & Sendable)?, limit: Int) {
    self.rows = rows
    left = limit
  }

  /// The next piece; the last one may be empty. Reads from the disk.
  mutating func next() throws(StorageError) -> ByteBuffer {
    var piece = ByteBuffer()
    while piece.readableBytes < Self.pieceBytes {
      guard left > 0, let row = try rows?.next() else {
        isFinished = true
        break
      }
      if !isFirst { piece.writeInteger(UInt8(ascii: ",")) }
      piece.writeBytes(row.key.bytes)
      isFirst = false
      left -= 1
    }
    return piece
  }
}
