import Foundation
import Synchronization

/// The server under torture as a separate process, started by a command.
package final class ServerProcess: Victim {
  private let command: [String]
  private let environment: [String: String]
  private let output: URL
  private let process = Mutex<Process?>(nil)

  /// `command` is a program, looked up in PATH, and its arguments. `environment` is added to ours.
  package init(command: [String], environment: [String: String] = [:]) {
    self.command = command
    self.environment = environment
    output = FileManager.default.temporaryDirectory.appending(path: "torture-\(UUID()).log")
  }

  deinit {
    try? FileManager.default.removeItem(at: output)
  }

  /// Foundation puts the process into its own process group, so Ctrl-C does not end it before us.
  package func start() throws {
    try Data().write(to: output)
    let handle = try FileHandle(forWritingTo: output)
    defer { try? handle.close() }
    let new = Process()
    new.executableURL = URL(filePath: "/usr/bin/env")  // Becomes the command: nothing in between.
    new.arguments = command
    new.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    new.standardInput = FileHandle.nullDevice
    new.standardOutput = handle
    new.standardError = handle
    try Self.starting.withLock { _ in try Self.withoutBlockedSignals { try new.run() } }
    process.withLock { $0 = new }
  }

  /// One at a time: Foundation sees the end of a process by a socket, which another one that starts at the
  /// same moment would inherit, and so keep open.
  private static let starting = Mutex(())

  /// A process inherits the blocked signals of the thread that starts it, and Dispatch's threads
  /// block most of them: the server would never receive SIGTERM.
  private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// SIGKILL goes to everything that the command has started, so that nothing is left running.
  package func end(by signal: EndSignal) {
    process.withLock { process in
      guard let process, process.isRunning else { return }
      let id = process.processIdentifier
      switch signal {
      case .kill where Foundation.kill(-id, SIGKILL) == 0: break
      case .kill: _ = Foundation.kill(id, SIGKILL)
      case .term: _ = Foundation.kill(id, SIGTERM)
      }
    }
  }

  package var isRunning: Bool { process.withLock { $0?.isRunning == true } }

  package var exit: Exit? {
    process.withLock { process in
      guard let process, !process.isRunning else { return nil }
      return process.terminationReason == .exit
        ? .status(process.terminationStatus) : .signal(process.terminationStatus)
    }
  }

  package var lastWords: String { LastWords(of: output).text }
}
