import Week1Memory

/// The maximum length of a request's body.
enum BodyLimit {
  case value
  case batch

  /// The length beyond which the request is refused.
  var bytes: Int {
    switch self {
    case .value: Value.maximumLength
    case .batch: ConnectionLimits.batchBody
    }
  }

  /// The length beyond which the body is not read to its end, and the connection ends with the refusal.
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
