/// One argument of a system call, as `strace -y` writes it.
package enum TraceValue: Equatable, Sendable {
  /// A string, with its escapes resolved.
  case bytes([UInt8])
  /// `5</data/wal.db>`: a descriptor, and what it was open on when the call began.
  case descriptor(Int, path: String)
  /// A number, flags, or anything else between two commas.
  case word(String)
  case list([TraceValue])
  case structure([String: TraceValue])
}

extension TraceValue {
  /// What `AT_FDCWD`, the working directory of the process, counts as.
  package static let workingDirectory = -100

  /// The number, in any base that strace writes; of a list, that of its first element.
  package var number: Int? {
    switch self {
    case .descriptor(let number, _): number
    case .list(let values): values.first?.number
    case .word(let text): Self.number(text)
    case .bytes, .structure: nil
    }
  }

  private static func number(_ text: String) -> Int? {
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0") { return Int(text, radix: 8) }
    return Int(text)
  }

  /// The name of a file, or what a descriptor was open on.
  package var path: String? {
    switch self {
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .descriptor(_, let path): path
    default: nil
    }
  }

  /// The flags of `O_RDWR|O_CREAT`.
  package var flags: Set<Substring> {
    if case .word(let text) = self { Set(text.split(separator: "|")) } else { [] }
  }

  /// All bytes of a string, or of the buffers of a `writev`; nil for anything else.
  package var written: [UInt8]? {
    switch self {
    case .bytes(let bytes): return bytes
    case .list(let buffers):
      var all: [UInt8] = []
      for case .structure(let fields) in buffers {
        guard case .bytes(let bytes)? = fields["iov_base"] else { return nil }
        all += bytes
      }
      return all
    default: return nil
    }
  }
}
