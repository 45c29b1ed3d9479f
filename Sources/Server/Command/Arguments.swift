import ArgumentParser
import Logging
import Weeks

// Command-line spellings for the types of other modules.

extension Duration {
  init(argument: String) throws {
    guard let duration = Duration(text: argument) else {
      throw ValidationError("a duration is \(Duration.textRule), and not '\(argument)'")
    }
    self = duration
  }
}

extension Logger.Level {
  init(argument: String) throws {
    guard let level = Logger.Level(rawValue: argument) else {
      let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("'\(argument)' is none of the levels \(names)")
    }
    self = level
  }
}
