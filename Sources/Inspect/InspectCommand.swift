import ArgumentParser
import Foundation
import Inspection

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows what is in a file or a directory of a store, of any week.",
    discussion: """
      It opens nothing for writing and takes no lock, so the directory may be in use. With --check \
      it reads everything, and says each thing that is wrong, with file and byte; the exit status \
      is then 1, and 0 if nothing is wrong. Files that a crash has left are no fault. A log of \
      week 8 alone is judged as if the writes before it were there; the logs of a directory are judged \
      together.
      """)

  @Argument(help: "A directory, a log, a manifest or a table.")
  var path: String

  @Flag(help: "Verify every checksum, and all that an engine relies on.")
  var check = false

  @Flag(help: "Print JSON, one object on a line.")
  var json = false

  func run() throws {
    let inspected: Inspected
    do throws(NothingOfOurs) {
      inspected = try Inspected(path, thoroughly: check)
    } catch {
      write("error: \(error)\n", to: .standardError)
      throw ExitCode(1)
    }
    let diagnosis = inspected.diagnosis
    if check {
      write(json ? diagnosis.json : diagnosis.text(of: path), to: .standardOutput)
      if !diagnosis.faults.isEmpty { throw ExitCode(1) }
    } else {
      write(json ? inspected.listing.json : inspected.listing.text, to: .standardOutput)
      write(diagnosis.faults.map { "fault: \($0)\n" }.joined(), to: .standardError)
    }
  }

  private func write(_ text: String, to handle: FileHandle) {
    handle.write(Data(text.utf8))
  }
}
