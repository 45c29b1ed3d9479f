import ArgumentParser
import Foundation

@main
struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Client",
    abstract:
      "Checks a key-value server: against scenarios, which it also generates, by killing it, and for the order of what it did.",
    subcommands: [
      RunCommand.self, GenerateCommand.self, TortureCommand.self, LinearizeCommand.self,
      PowerLossCommand.self,
    ])
}

extension Outcome {
  /// Ends a command: prints what it has to say, and throws its exit status unless that is success.
  func finish() throws {
    FileHandle.standardOutput.write(Data(output.utf8))
    FileHandle.standardError.write(Data(errors.utf8))
    if status != .success { throw ExitCode(status.rawValue) }
  }
}
