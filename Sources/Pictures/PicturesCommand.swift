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
    var found = (names.isEmpty ? Album.names : names).flatMap(mistakes(in:))
    if check && names.isEmpty { found += strays() }
    for mistake in found { FileHandle.standardError.write(Data("\(mistake)\n".utf8)) }
    if !found.isEmpty { throw ExitCode(1) }
  }

  /// Draws a picture, and writes its file or compares it. Returns what is wrong with it.
  private func mistakes(in name: String) -> [String] {
    let file = "\(directory)/\(name).svg"
    do {
      guard let canvas = try Album.pages[name]?() else { return [] }
      return try canvas.mistakes
        + (check ? differences(of: canvas, from: file) : write(canvas, to: file))
    } catch {
      return ["\(name): \(error)"]
    }
  }

  private func write(_ canvas: Canvas, to file: String) throws -> [String] {
    try canvas.svg.write(toFile: file, atomically: true, encoding: .utf8)
    return []
  }

  private func differences(of canvas: Canvas, from file: String) -> [String] {
    let found = try? String(contentsOfFile: file, encoding: .utf8)
    return found == canvas.svg
      ? [] : ["\(file) is not what the engine does now; run Scripts/pictures"]
  }

  /// Files in the directory that do not belong to any picture.
  private func strays() -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return Set(files).subtracting(Album.names.map { "\($0).svg" }).sorted().map {
      "\(directory)/\($0): no picture has this name"
    }
  }
}
