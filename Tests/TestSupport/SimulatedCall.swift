/// One system call, for a trace that a person reads. Its text is made when it is read: a proof makes
/// millions of calls, and shows few of them.
public struct SimulatedCall: Sendable, CustomStringConvertible {
  public enum Kind: String, Sendable {
    case open, close, read, write, size, kind, linkCount, truncate, allocate, syncData, sync
    case lock, unlock, rename, remove, makeDirectory, list
  }

  /// The numbers or the name that the call has besides its file.
  enum Detail: Sendable {
    case bytes(Int, at: Int)
    case length(Int)
    case newName(String)
  }

  public let kind: Kind
  /// The directory in which the call resolves `name`; nil if `name` is a whole path.
  private let directory: String?
  private let name: String
  private let detail: Detail?

  init(_ kind: Kind, _ name: String, in directory: String? = nil, detail: Detail? = nil) {
    self.kind = kind
    self.directory = directory
    self.name = name
    self.detail = detail
  }

  /// What a rename renames to.
  public var newName: String? {
    if case .newName(let name) = detail { name } else { nil }
  }

  public var path: String { directory.map { "\($0)/\(name)" } ?? name }

  public var description: String {
    switch detail {
    case nil: "\(kind) \(path)"
    case .bytes(let count, let offset): "\(kind) \(path) \(count) bytes at \(offset)"
    case .length(let length): "\(kind) \(path) to \(length)"
    case .newName(let new): "\(kind) \(path) to \(new)"
    }
  }
}
