/// Why a trace cannot be read.
package enum TraceFault: Error, Equatable {
  /// A line breaks off within a string.
  case openString
  /// strace has cut a string off after so many bytes.
  case shortenedString(Int)
  /// A line is not one of strace's. Lines count from 1.
  case strangeLine(Int, String)
}

extension TraceFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .openString: "the trace of strace breaks off within a string"
    case .shortenedString(let count):
      "one call wrote more than \(count) bytes, which is more than strace was asked to record"
    case .strangeLine(let number, let text): "line \(number) of the trace is not strace's: \(text)"
    }
  }
}
