/// A week to build: its files, its tasks, and their tests.
struct Course {
  let week: Int
  /// `Week3WAL`
  let module: String
  let files: [SourceFile]
  let list: TaskList

  /// Throws a ``CourseFlaw`` unless everything that a learner has to write is in a task, and each
  /// task has tests.
  init(ofWeek week: Int, in repository: Repository) throws {
    let module = try repository.module(ofWeek: week)
    files = try repository.names(in: "Sources/\(module)").map { name in
      SourceFile(name, try repository.bytes(of: "Sources/\(module)/\(name)"))
    }
    let testFiles = try repository.names(in: "Tests/\(module)Tests").map { name in
      TestFile(name, try repository.bytes(of: "Tests/\(module)Tests/\(name)"))
    }
    var list = try TaskList(ofWeek: week, in: try repository.text(of: "notes/tasks.md"))
    try list.check(
      against: Set(files.filter { !$0.missing.isEmpty }.map(\.name)),
      Set(files.filter(\.missing.isEmpty).map(\.name)))
    try list.assign(testFiles)
    (self.week, self.module, self.list) = (week, module, list)
  }

  func file(_ name: String) -> SourceFile? { files.first { $0.name == name } }

  func task(of file: String) -> WeekTask? { list.tasks.first { $0.files.contains(file) } }
}
