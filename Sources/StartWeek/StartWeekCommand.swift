import ArgumentParser
import Foundation

@main
struct StartWeekCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Scripts/start-week",
    abstract: "Makes a package in which you build a week yourself.",
    discussion: """
      The package has the weeks before, the week's declarations without bodies, and its tests. Its \
      README lists the tasks; its command ./check says which of them are done. It is made from our \
      own sources, so it agrees with them.
      """)

  @Flag(help: "Put our files for the week, or for one task, into a starter that is there.")
  var solve = false

  @Flag(help: ArgumentHelp("Make the starter anew where one is.", visibility: .hidden))
  var replace = false

  @Argument(help: "The week, 1 to 8; with --solve also a task: 3.2.")
  var week: String

  @Argument(help: "The directory of the package.")
  var directory: String

  func run() throws {
    let parts = week.split(separator: ".", omittingEmptySubsequences: false)
    guard let number = Int(parts[0]), number > 0, parts.count == 1 || solve && parts.count == 2
    else {
      throw ValidationError("\(week) is no week\(solve ? " and no task" : "").")
    }
    let output = StarterDirectory(path: directory)
    if solve { try output.requireStarter(ofWeek: number) } else { try output.requireFree(replace) }
    do {
      let starter = try Starter(for: number, from: .own)
      if solve {
        let solution = try starter.solution(ofTask: parts.count == 2 ? week : nil)
        let kept = try output.replace(solution, from: try starter.files())
        print("our files for \(week) are in place")
        if !kept.isEmpty {
          print("yours are in \(directory)/yours: \(kept.joined(separator: ", "))")
        }
      } else {
        try output.write(try starter.files())
        print("week \(number) is in \(directory): read its README.md, then run its ./check")
      }
    } catch let flaw as CourseFlaw {
      throw ValidationError("\(flaw).")
    }
  }
}
