/// The package in which a learner builds a week, file by file.
///
/// It has our earlier weeks, the modules they use, the week without the bodies that the learner writes,
/// and the week's tests.
struct Starter {
  let course: Course
  private let repository: Repository
  private let manifest: StarterManifest

  init(for week: Int, from repository: Repository) throws {
    self.repository = repository
    course = try Course(ofWeek: week, in: repository)
    manifest = try StarterManifest(
      ofModule: course.module, from: try repository.text(of: "Package.swift"),
      folders: try repository.names(in: "Sources"))
  }

  /// All its files, by path.
  func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [
      "Package.swift": Array(manifest.text.utf8),
      "README.md": Array(StarterReadme(course, from: repository.path).text.utf8),
      "tasks": Array(taskTable.utf8),
      ".gitignore": Array(".build/\n.check/\n".utf8),
      "check": try repository.bytes(of: "Scripts/starter/check"),
      "Sources/\(course.module)/MissingBody.swift": try repository.bytes(
        of: "Scripts/starter/MissingBody.swift"),
    ]
    let folders = manifest.sources.map { "Sources/\($0)" } + manifest.tests.map { "Tests/\($0)" }
    for folder in folders {
      for path in try repository.files(below: folder) {
        files[path] = try repository.bytes(of: path)
      }
    }
    for task in course.list.tasks {
      for name in task.files {
        files[path(of: name)] = course.file(name)?.emptied(for: task.number)
      }
    }
    return files
  }

  /// Our files for a task, or for the whole week if `number` is nil.
  func solution(ofTask number: String?) throws -> [String: [UInt8]] {
    let tasks = course.list.tasks.filter { number == nil || $0.number == number }
    if tasks.isEmpty { throw CourseFlaw("there is no task \(number ?? "") in notes/tasks.md") }
    var files: [String: [UInt8]] = [:]
    for name in tasks.flatMap(\.files) {
      files[path(of: name)] = try repository.bytes(of: path(of: name))
    }
    return files
  }

  private func path(of file: String) -> String { "Sources/\(course.module)/\(file)" }

  /// A line for each task, with tabs between its fields, for `check`.
  private var taskTable: String {
    course.list.tasks.map { task in
      let tests = task.tests.map { "\(course.module)Tests.\($0)" }
      let fields = [task.number, task.title, task.files.map(path).joined(separator: " ")]
      return (fields + [tests.joined(separator: " ")]).joined(separator: "\t") + "\n"
    }.joined()
  }
}
