import Basics
import NIOCore
import Week1Memory
import Week2LSM
import Week5Leveling

/// The keys of a range as the text of an answer, one piece at a time, so that a long range takes no
/// more memory than a short one.
package struct ScannedKeys: Sendable {
  /// Large enough to be worth the hop to another thread and back, small enough for several scans to
  /// take turns.
  static let pieceBytes = 16 << 10

  /// The most rows, live or deleted, examined for a piece, for the same reason.
  static let pieceRows = 1_000

  /// The rows of one call: 64 keys of the longest length fill a piece.
  private static let batchRows = 64

  private var rows: any Scan
  private let escapes: Bool
  /// The name of the snapshot being read; nil for what the store held when the scan began.
  let snapshot: String?
  private var left: Int
  private var isFirst = true
  private(set) var isFinished = false

  /// `escaped` means that a key may hold any bytes, and that bytes that a list of keys cannot hold
  /// are escaped.
  init(_ rows: any Scan, limit: Int, escaped: Bool, of snapshot: String? = nil) {
    self.rows = rows
    left = limit
    escapes = escaped
    self.snapshot = snapshot
  }

  /// The next piece, which may be empty. Reads from disk.
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
