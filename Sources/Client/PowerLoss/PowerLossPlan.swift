import Foundation
package import PowerLoss

/// What a search for lost writes is to do.
package struct PowerLossPlan: Sendable {
  /// What starts the server.
  package var command: CommandTemplate
  /// How often the server is started, loaded and ended while it is recorded.
  package var rounds = 4
  /// How many writes are sent, in all rounds together.
  package var writes = 300
  /// Over how many connections.
  package var connections = 4
  /// How many states of the directory are tried at most.
  package var states = 1_000
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
  package init(_ command: CommandTemplate, seed: UInt64) {
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

/// A command that starts a server, with places for its port and its data directory.
package struct CommandTemplate: Sendable {
  private let words: [String]

  static let port = "{port}"
  static let data = "{data}"

  /// Throws where a place is missing.
  package init(_ words: [String]) throws(MissingPlace) {
    for place in [Self.port, Self.data] where !words.contains(where: { $0.contains(place) }) {
      throw MissingPlace(place: place)
    }
    self.words = words
  }

  func words(port: Int, data: String) -> [String] {
    words.map {
      $0.replacingOccurrences(of: Self.port, with: "\(port)")
        .replacingOccurrences(of: Self.data, with: data)
    }
  }
}

/// A command that does not say where the port or the data directory goes.
package struct MissingPlace: Error, CustomStringConvertible {
  let place: String

  package var description: String {
    "the command needs \(place), once or more: each start has a port and a data directory of its own"
  }
}
