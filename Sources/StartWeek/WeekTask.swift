/// One step of building a week: some files to write, and the tests that then pass.
struct WeekTask {
  /// `3.2`: the second task of week 3.
  let number: String
  let title: String
  /// Names of files in the week's folder.
  let files: [String]
  /// `LogReplayTests/cut`, in the order of the tests' sources.
  var tests: [String] = []
}

/// The tasks of a week, in the order in which to do them, from the table under the week's heading in
/// `notes/tasks.md`. The last column names tests besides those of a test file that is named after a
/// file of the task; the name of a suite means all of its tests.
struct TaskList {
  private(set) var tasks: [WeekTask] = []
  /// Files that are complete in a starter.
  private(set) var given: [String] = []

  private static let givenMark = "given"

  init(ofWeek week: Int, in note: String) throws(CourseFlaw) {
    for row in Self.rows(ofWeek: week, in: note) {
      let files = Self.quoted(row[1])
      if row[0] == Self.givenMark {
        given += files
      } else {
        let tests = Self.quoted(row[2]).map { String($0.map { $0 == "." ? "/" : $0 }) }
        tasks.append(
          WeekTask(
            number: "\(week).\(tasks.count + 1)", title: row[0], files: files, tests: tests))
      }
    }
    if tasks.isEmpty { throw CourseFlaw("notes/tasks.md has no tasks for week \(week)") }
  }

  /// Replaces what the note says about tests with a list of them. Each test of `suites` is in one
  /// task: the one that names it, or its suite, or that has the file which its test file is named
  /// after. A test of a given file may be in none.
  mutating func assign(_ suites: [TestFile]) throws(CourseFlaw) {
    let named = tasks.map { Set($0.tests) }
    for index in tasks.indices { tasks[index].tests = [] }
    for file in suites {
      for test in file.tests {
        let suite = String(test.prefix { $0 != "/" })
        let owner =
          named.firstIndex { $0.contains(test) } ?? named.firstIndex { $0.contains(suite) }
          ?? tasks.firstIndex { $0.files.contains(file.testedFile) }
        if let owner {
          tasks[owner].tests.append(test)
        } else if !given.contains(file.testedFile) {
          throw CourseFlaw("\(test) checks no task in notes/tasks.md")
        }
      }
    }
    let all = Set(suites.flatMap(\.tests).flatMap { [$0, String($0.prefix { $0 != "/" })] })
    for name in named.joined() where !all.contains(name) {
      throw CourseFlaw("notes/tasks.md names \(name), and there is no such test")
    }
    for task in tasks where task.tests.isEmpty {
      throw CourseFlaw("no test checks task \(task.number), \(task.title)")
    }
  }

  /// Throws unless each file of `withTasks`, which have bodies to write, is in one task or given, and
  /// no other file is.
  func check(against withTasks: Set<String>, _ complete: Set<String>) throws(CourseFlaw) {
    let listed = tasks.flatMap(\.files)
    for file in withTasks.subtracting(given) where !listed.contains(file) {
      throw CourseFlaw("\(file) has bodies to write, and is in no task in notes/tasks.md")
    }
    for file in listed + given where !withTasks.contains(file) {
      let why = complete.contains(file) ? "has no body to write" : "does not exist"
      throw CourseFlaw("notes/tasks.md lists \(file), which \(why)")
    }
    if Set(listed + given).count < listed.count + given.count {
      throw CourseFlaw("notes/tasks.md lists a file twice")
    }
  }

  /// The cells of the table under `## Week N`, without its header.
  private static func rows(ofWeek week: Int, in note: String) -> [[String]] {
    let lines = note.split(separator: "\n").drop { !$0.hasPrefix("## Week \(week):") }.dropFirst()
    let table = lines.prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| ") }
    return table.dropFirst().map { row in
      row.split(separator: "|").map { String($0).trimmed }
    }
  }

  /// The words in backticks.
  private static func quoted(_ cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
