/// A place in the notes.
package struct Section: Hashable, Sendable {
  /// The path of the file from the root of the repository.
  package let file: String
  package let heading: String

  /// What a server has to answer to each request, in a table.
  static let api = task(1)

  /// What a learner's server has to do in a week.
  static func task(_ week: Int) -> Section { Section(week: week, "Your task") }

  /// The bytes that a week writes, or takes.
  static func theFormat(of week: Int) -> Section { Section(week: week, "The format") }

  /// How our engine does it.
  static func walk(_ week: Int) -> Section { Section(week: week, "The walk") }

  // Parts of the walks, and of an idea, that explain what a check is about.
  static let table = Section(week: 2, "First half: a table")
  static let commit = Section(week: 2, "Second half: the commit")
  static let tornOrDamaged = Section(week: 3, "Torn or damaged?")
  static let logging = Section(week: 3, "Second half: writing")
  static let tombstone = Section(week: 4, "The tombstone that went too early")
  static let negativeCache = Section(week: 4, "The negative cache's rule")
  static let merging = Section(week: 4, "The engine")
  static let checksumTree = Section(week: 6, "One number vouches for everything")

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
