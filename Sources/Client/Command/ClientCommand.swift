import ArgumentParser
import Foundation

@main
struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Client",
    abstract:
      "Checks a key-value server, also one of your own: what it answers, what it keeps when it is killed, and the order of what it did.",
    subcommands: [
      RunCommand.self, GenerateCommand.self, TortureCommand.self, LinearizeCommand.self,
      PowerLossCommand.self, CheckCommand.self,
    ])
}

extension Outcome {
  /// Ends a command: prints its output, and throws its exit status unless that is success.
  func finish() throws {
    FileHandle.standardOutput.write(Data(output.utf8))
    FileHandle.standardError.write(Data(errors.utf8))
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
