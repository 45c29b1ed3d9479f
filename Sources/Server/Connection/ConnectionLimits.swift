import NIOHTTP1
import Week1Memory

/// The time and memory that one client may take of the server.
package struct ConnectionLimits: Sendable {
  /// The most bytes in a request's target, in all header fields together, and in each of them, and
  /// the most header fields.
  static let targetBytes = 8 << 10
  static let headBytes = 16 << 10
  static let fieldBytes = 8 << 10
  static let headFields = 100

  /// A body that is too long, but not longer than this, is read to its end, and the connection
  /// continues. Beyond this, the answer comes at once and ends the connection.
  static let skippedBody = 2 * Value.maximumLength

  /// The most bytes in the body of a batch, and the most writes. A longer body is not skipped:
  /// nobody sends more than 16 MiB by mistake.
  static let batchBody = 16 << 20
  static let batchWrites = 100_000

  /// The time that a client may take for one step: to begin a request and send its head, to send
  /// its body, to take its answer.
  package var timeout = Duration.seconds(60) {
    didSet { farewell = min(farewell, timeout) }
  }

  /// The time that a client may take to close its side after ours, and to finish its step when the
  /// server stops.
  package var farewell = Duration.seconds(5)

  /// The most connections at once. Further ones wait until one ends.
  package var connections = 4_096

  package init() {}

  /// The decoder's limits are wider than ours, because its errors do not say which limit was exceeded.
  static var decoder: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = 4 * headBytes
    limits.maxHeaderListSize = 4 * headBytes
    limits.maxHeaderFieldCount = 4 * headFields
    return limits
  }
}
