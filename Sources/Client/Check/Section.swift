/// A place in the notes.
package struct Section: Hashable, Sendable {
  /// The path of the file from the root of the repository.
  package let file: String
  package let heading: String

  /// What a server has to answer to each request, in a table.
  static let api = Section(week: 1, "Your task")

  /// A section of the chapter of a week.
  init(week: Int, _ heading: String) {
    self.init(file: "notes/week\(week).md", heading)
  }

  /// A section of any file.
  init(file: String, _ heading: String) {
    self.file = file
    self.heading = heading
  }
}

extension Section: CustomStringConvertible {
  package var description: String { "\(file), \"\(heading)\"" }
}
