import Basics
import NIOCore
import Week1Memory
import Week2LSM
import Week5Leveling

/// The keys of a range as the text of an answer, a piece at a time, so that a scan takes no more
/// memory for a long range than for a short one.
package struct ScannedKeys: Sendable {
  /// Enough to make the way to another thread and back worth it, and little enough that several scans
  /// take turns.
  static let pieceBytes = 16 << 10

  /// Rows that a piece examines at most, live or deleted, for the same reason.
  static let pieceRows = 1_000

  /// Rows of one call: keys of the longest length fill a piece.
  private static let batchRows = 64

  private var rows: any Scan
  private let escapes: Bool
  /// The snapshot that is read; nil for what the store held when the scan began.
  let snapshot: String?
  private var left: Int
  private var isFirst = true
  private(set) var isFinished = false

  /// `escaped` says that a key may hold any bytes, and that those are written as escapes which a list
  /// of keys cannot hold.
  init(_ rows: any Scan, limit: Int, escaped: Bool, of snapshot: String? = nil) {
    self.rows = rows
    left = limit
    escapes = escaped
    self.snapshot = snapshot
  }

  /// The next piece; it may be empty. Reads from the disk.
  mutating func next() throws(StorageError) -> ByteBuffer {
    var piece = ByteBuffer()
    var examined = 0
    while piece.readableBytes < Self.pieceBytes, examined < Self.pieceRows {
      let count = min(left, Self.batchRows)
      guard count > 0, let live = try rows.next(examining: count) else {
        isFinished = true
        break
      }
      examined += count
      left -= live.count
      for row in live {
        if !isFirst { piece.writeInteger(UInt8(ascii: ",")) }
        if escapes {
          PercentEscapes.write(row.key.bytes, to: &piece)
        } else {
          piece.writeBytes(row.key.bytes)
        }
        isFirst = false
      }
    }
    return piece
  }
}
