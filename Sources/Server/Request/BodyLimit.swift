import Week1Memory

/// How long the body of a request may be.
enum BodyLimit {
  case value
  case batch

  /// Bytes beyond which the request is refused.
  var bytes: Int {
    switch self {
    case .value: Value.maximumLength
    case .batch: ConnectionLimits.batchBody
    }
  }

  /// Bytes beyond which it is not read to its end, and the connection ends with the refusal.
  var skipped: Int {
    switch self {
    case .value: ConnectionLimits.skippedBody
    case .batch: ConnectionLimits.batchBody
    }
  }

  var refusal: Refusal {
    switch self {
    case .value: .valueIsTooLong
    case .batch: .batchIsTooLong
    }
  }
}
