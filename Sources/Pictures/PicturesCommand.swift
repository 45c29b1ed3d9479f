import ArgumentParser
import Foundation

@main
struct PicturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Pictures",
    abstract: "Draws the pictures of the notes, from runs of the engine.",
    discussion: """
      Every store that a picture shows is in memory, and every run is the same. With --check nothing is \
      written: each file that is not as it would be drawn is named, and the exit status is then 1.
      """)

  @Argument(help: "The pictures, by name. Without any, all.")
  var names: [String] = []

  @Option(help: "The directory of the files.")
  var directory = "notes/pictures"

  @Flag(help: "Compare the files with what would be drawn.")
  var check = false

  func validate() throws {
    for name in names where Album.pages[name] == nil {
      throw ValidationError(
        "there is no picture \(name); there are \(Album.names.joined(separator: ", "))")
    }
  }

  func run() throws {
    var mistakes: [String] = []
    for name in names.isEmpty ? Album.names : names {
      guard let canvas = try Album.pages[name]?() else { continue }
      mistakes += canvas.mistakes
      let file = "\(directory)/\(name).svg"
      if check {
        let found = try? String(contentsOfFile: file, encoding: .utf8)
        if found != canvas.svg {
          mistakes.append("\(file) is not what the engine does now; run Scripts/pictures")
        }
      } else {
        try canvas.svg.write(toFile: file, atomically: true, encoding: .utf8)
      }
    }
    if check && names.isEmpty { mistakes += strays() }
    for mistake in mistakes { FileHandle.standardError.write(Data("\(mistake)\n".utf8)) }
    if !mistakes.isEmpty { throw ExitCode(1) }
  }

  /// Files in the directory that no picture is drawn for any more.
  private func strays() -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return Set(files).subtracting(Album.names.map { "\($0).svg" }).sorted().map {
      "\(directory)/\($0): no picture has this name"
    }
  }
}
