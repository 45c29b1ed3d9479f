import Foundation
package import PowerLoss

/// What a search for lost writes is to do.
package struct PowerLossPlan: Sendable {
  /// What starts the server.
  package var command: ServerCommand
  /// How often the server is started, loaded and ended while it is recorded.
  package var rounds = 4
  /// How many writes are sent, in all rounds together.
  package var writes = 300
  /// Over how many connections.
  package var connections = 4
  /// How many states of the directory are tried at most.
  package var states = 1_000
  /// How long it writes in all, and how long states are tried, though there are more; nil for no limit.
  package var patience: Duration?
  /// How long states are tried while they are fewer than `fewestStates`; nil for no longer than that.
  package var mostPatience: Duration?
  package var fewestStates = 0
  /// Whether keys are deleted; nil to find out whether the server can.
  package var deletes: Bool?
  /// What its file system is taken to promise.
  package var fileSystem = FileSystem.posix
  /// Where the directories are that the server is started on, each for a moment.
  package var scratch = Self.defaultScratch
  /// Where a state that loses a write is left, with its recording.
  package var keep: String?
  /// How long an answer may take, and the end after SIGTERM.
  package var timeout = Duration.seconds(20)
  /// How long a start may take until the first answer.
  package var startTimeout = Duration.seconds(30)
  /// Where the random numbers start.
  package var seed: UInt64

  /// The defaults.
  package init(_ command: ServerCommand, seed: UInt64) {
    self.command = command
    self.seed = seed
  }

  /// A directory in memory where the system has one: what is tried there needs no disk.
  package static let defaultScratch: String = {
    let shared = "/dev/shm"
    let isUsable = FileManager.default.isWritableFile(atPath: shared)
    return isUsable ? shared : FileManager.default.temporaryDirectory.path
  }()

  /// So few keys that each is written several times; where many writes are asked for, so many that the
  /// memory of a server fills up.
  var keysOfConnection: Int { max(4, max(48, (writes - 300) / 2) / connections) }
}
