import NIOHTTP1
import Week1Memory

/// What one client may take of the server, in time and in memory.
package struct ConnectionLimits: Sendable {
  /// The bytes of a request's line and header fields, of its target and of each field, and how many
  /// fields there may be.
  static let headBytes = 16 << 10
  static let fieldBytes = 8 << 10
  static let headFields = 100

  /// A body that is too long is read to its end, and the connection goes on, as long as it has no
  /// more bytes than this. Beyond it, the answer comes at once and ends the connection.
  static let skippedBody = 2 * Value.maximumLength

  /// How long a connection stays open when it is over for us: so long may a client take to read the
  /// last answer, and to finish its request when the server is about to stop.
  package var farewell = Duration.seconds(5)

  /// How long a client may take for one step: to begin a request and send its head, to send its
  /// body, to take its answer.
  package var timeout = Duration.seconds(60)

  /// How many connections there may be at once. More wait until one ends.
  package var connections = 4_096

  package init() {}

  var decoder: NIOHTTPDecoderLimitConfiguration {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = Self.fieldBytes
    limits.maxHeaderListSize = Self.headBytes
    limits.maxHeaderFieldCount = Self.headFields
    return limits
  }
}
