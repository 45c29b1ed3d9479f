import ArgumentParser

/// What starts a server, in any language: a program and its arguments, after `--`.
package struct ServerCommand: ParsableArguments {
  @Argument(parsing: .postTerminator, help: "What starts the server: a program and its arguments.")
  var command: [String] = []

  package init() {}

  /// Whether no command was given.
  var isMissing: Bool { command.isEmpty }

  /// Throws if no command was given.
  func require() throws {
    if isMissing {
      throw ValidationError(
        "what starts the server is missing: -- <command> [<argument> ...] at the end")
    }
  }

  /// The server, started by the command as it is.
  func process() -> ServerProcess { ServerProcess(command: command) }

  /// The server on a port and a directory of its own. They replace `{port}` and `{data}` wherever these
  /// occur in the command, and are in the environment too, as `PORT` and `DATA`.
  func process(port: Int, data: String) -> ServerProcess {
    let words = command.map {
      $0.replacing("{port}", with: "\(port)").replacing("{data}", with: data)
    }
    return ServerProcess(command: words, environment: ["PORT": "\(port)", "DATA": data])
  }

  /// The command as one line, for a person.
  var line: String { command.joined(separator: " ") }
}
