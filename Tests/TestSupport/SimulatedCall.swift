/// One system call, for a trace that a person reads.
public struct SimulatedCall: Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case open, close, read, write, size, kind, linkCount, truncate, allocate, syncData, sync
    case lock, unlock, rename, remove, makeDirectory, list
  }

  public let kind: Kind
  public let path: String
  public let detail: String

  init(_ kind: Kind, _ path: String, _ detail: String = "") {
    self.kind = kind
    self.path = path
    self.detail = detail
  }

  public var description: String {
    detail.isEmpty ? "\(kind) \(path)" : "\(kind) \(path) \(detail)"
  }
}
