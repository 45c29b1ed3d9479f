import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a request got no answer, for a person, and whether to send it again.
struct ConnectionFailure {
  let reason: String
  /// Refused, reset, or closed before the whole answer had arrived. Not a timeout: waiting that
  /// long twice is not worth it.
  let isTransient: Bool

  init(_ error: any Error, timeout: Duration) {
    switch error {
    case let error where Self.isTimeout(error):
      self.init(reason: "nothing came within \(timeout)", isTransient: false)
    case let error as NIOConnectionError:
      self.init(reason: Self.reason(of: error), isTransient: true)
    case let error as IOError:
      self.init(reason: SystemError.text(ofErrno: error.errnoCode), isTransient: true)
    case is ChannelError:
      self.init(reason: Self.closed, isTransient: true)
    case let error as HTTPParserError where error == .invalidEOFState:
      self.init(reason: Self.closed, isTransient: true)
    case let error as NIOTooManyBytesError:
      let limit = error.maxBytes.map { " of \($0) bytes" } ?? ""
      self.init(reason: "its body is over the limit\(limit)", isTransient: false)
    case is HTTPParserError:
      self.init(reason: "it is not HTTP (\(error))", isTransient: false)
    default:
      self.init(reason: "\(error)", isTransient: false)
    }
  }

  private init(reason: String, isTransient: Bool) {
    self.reason = reason
    self.isTransient = isTransient
  }

  private static let closed = "the connection was closed before the answer"

  private static func isTimeout(_ error: any Error) -> Bool {
    switch error {
    case is TimedOut, ChannelError.connectTimeout: true
    case let error as NIOConnectionError: error.connectionErrors.contains { isTimeout($0.error) }
    default: false
    }
  }

  /// The lookup of the name may have failed, or the connection to each of its addresses.
  private static func reason(of error: NIOConnectionError) -> String {
    if let failure = error.connectionErrors.last?.error {
      return (failure as? IOError).map { SystemError.text(ofErrno: $0.errnoCode) } ?? "\(failure)"
    }
    return "the host \(error.host) is not known"
  }
}
