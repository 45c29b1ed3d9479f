/// What a call has done to the disk, at one moment of a run.
package struct Happening: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// Bytes were written; no sync has reached them yet.
    case write(offset: Int, count: Int)
    /// The file was cut to so many bytes, or made that long.
    case cut(to: Int)
    case growth(to: Int)
    /// A name was made, in the directory `inode`.
    case create(String)
    case rename(from: String, to: String)
    case remove(String)
    /// What was written before the sync began is on the disk. For a directory: its names.
    case sync
    /// A sync failed, and the system forgets what it could not write.
    case failedSync
    /// Bytes were sent to a client.
    case answer(socket: String)
  }

  package let kind: Kind
  /// The file or directory; -1 for an answer.
  package let inode: Int
  /// When the call began (a sync: when it ended), in nanoseconds since 1970.
  package let time: UInt64

  package init(_ kind: Kind, of inode: Int, time: UInt64) {
    self.kind = kind
    self.inode = inode
    self.time = time
  }
}

extension Happening {
  package var isAnswer: Bool {
    if case .answer = kind { true } else { false }
  }

  /// Whether names have changed, or bytes were cut off.
  package var isTurn: Bool {
    switch kind {
    case .cut, .create, .rename, .remove: true
    case .growth, .write, .sync, .failedSync, .answer: false
    }
  }
}
