import NIOHTTP1
import Week1Memory

/// What one client may take of the server, in time and in memory.
package struct ConnectionLimits: Sendable {
  /// The bytes of a request's target, of all header fields, and of each of them, and how many fields
  /// there may be.
  static let targetBytes = 8 << 10
  static let headBytes = 16 << 10
  static let fieldBytes = 8 << 10
  static let headFields = 100

  /// A body that is too long is read to its end, and the connection continues, as long as it has no
  /// more bytes than this. Beyond it, the answer comes at once and ends the connection.
  static let skippedBody = 2 * Value.maximumLength

  /// The bytes of a batch's body, and its writes. A body with more is not skipped: nobody comes to more
  /// than 16 MiB by a slip.
  static let batchBody = 16 << 20
  static let batchWrites = 100_000

  /// How long a client may take for one step: to begin a request and send its head, to send its
  /// body, to take its answer.
  package var timeout = Duration.seconds(60) {
    didSet { farewell = min(farewell, timeout) }
  }

  /// How long a client may take to close its side after ours, and to finish its step when the server
  /// stops.
  package var farewell = Duration.seconds(5)

  /// How many connections there may be at once. More wait until one ends.
  package var connections = 4_096

  package init() {}

  /// The decoder's limits are wider than ours: what it refuses it cannot name.
  static var decoder: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 4 * headBytes
    limits.maxHeaderListSize = 4 * headBytes
    limits.maxHeaderFieldCount = 4 * headFields
    return limits
  }
}
