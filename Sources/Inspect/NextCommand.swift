import ArgumentParser
import Foundation
import Inspection
import Weeks

struct NextCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next",
    abstract: "Shows the step of compaction that is due, why, and each decision of its merge.",
    discussion: """
      For directories of week 4 and later. The engine's own code chooses the step and merges its tables, \
      and the result goes nowhere: nothing is opened for writing, and no lock is taken, so the directory \
      may be in use. The limits of the engine are not in the directory: give those that the server was \
      started with. A server that is running may be doing the step already.
      """)

  @Argument(help: "The directory of a store.")
  var path: String

  @Option(help: "Keys whose decisions are listed, and candidates.")
  var rows = 20

  @Flag(help: "Print JSON, one object on a line.")
  var json = false

  @OptionGroup(title: "Limits of the engine")
  var limits: EngineArguments

  func validate() throws {
    if rows < 0 { throw ValidationError("--rows is a number from 0 on") }
  }

  func run() throws {
    do throws(NothingOfOurs) {
      let listing = try NextCompaction(path, limits.settings, keys: rows).listing
      FileHandle.standardOutput.write(Data((json ? listing.json : listing.text).utf8))
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      throw ExitCode(1)
    }
  }
}
