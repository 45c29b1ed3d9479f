import Foundation

/// Why a file could not be read or written, for a person.
struct FileFailure {
  let reason: String

  init(_ error: any Error) {
    if let cause = error as? POSIXError ?? (error as? CocoaError)?.underlying as? POSIXError {
      reason = SystemError.text(ofErrno: cause.code.rawValue)
    } else {
      reason = error.localizedDescription
    }
  }
}

/// The operating system's own messages for its errors.
enum SystemError {
  static func text(ofErrno code: CInt) -> String {
    String(cString: strerror(code)).lowercased()
  }
}
