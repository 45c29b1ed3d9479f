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

      --compare is for an engine of your own that writes our formats of weeks 2 to 4 (notes/formats.md): \
      it says of each file what it was read as, up to the first byte that is another one in our format, \
      and what was expected there, by which rule. Bytes count from 0, and lines from 1. The exit status \
      is 1 if anything differs.
      """)

  @Argument(help: "A directory, a log, a manifest or a table.")
  var path: String

  @Flag(help: "Verify every checksum, and all that an engine relies on.")
  var check = false

  @Flag(help: "Print JSON, one object on a line.")
  var json = false

  @Flag(help: "Say where the files of a directory differ from our formats of weeks 2 to 4.")
  var compare = false

  func validate() throws {
    if compare && (check || json) {
      throw ValidationError("--compare goes with neither --check nor --json")
    }
  }

  func run() throws {
    if compare { return try runComparison() }
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

  private func runComparison() throws {
    let comparison: DirectoryComparison
    do throws(NothingOfOurs) {
      comparison = try DirectoryComparison(path)
    } catch {
      write("error: \(error)\n", to: .standardError)
      throw ExitCode(1)
    }
    write(comparison.text, to: .standardOutput)
    if comparison.differs { throw ExitCode(1) }
  }

  private func write(_ text: String, to handle: FileHandle) {
    handle.write(Data(text.utf8))
  }
}
