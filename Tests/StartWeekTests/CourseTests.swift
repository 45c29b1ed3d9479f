import Testing

@testable import StartWeek

struct CourseTests {
  @Test(
    "each week's bodies and tests are in its tasks, and each task has tests", arguments: 1...8)
  func everyWeek(week: Int) throws {
    let course = try Course(ofWeek: week, in: .own)
    for file in course.files where !file.missing.isEmpty {
      let emptied = file.emptied(for: "0.0")
      let (before, after) = (BodyFinder(file.source).bodies, BodyFinder(emptied).bodies)
      #expect(before.map(\.name) == after.map(\.name), "\(file.name)")
    }
  }

  @Test("a chapter that lists the tasks lists these, in this order", arguments: 1...8)
  func chapters(week: Int) throws {
    let course = try Course(ofWeek: week, in: .own)
    let start = "| \(week)."
    let rows = try Repository.own.text(of: "notes/week\(week).md").split(separator: "\n")
      .filter { $0.hasPrefix(start) && $0.dropFirst(start.count).first?.isNumber == true }
      .map { $0.split(separator: "|") }
    if rows.isEmpty { return }
    let listed = rows.map { row in "\(row[0]) \(row[1]) \(row[2])".split(separator: " ") }
    let tasks = course.list.tasks.map { task in
      let files = task.files.map { "`\($0)`" }.joined(separator: ", ")
      return "\(task.number) \(task.title) \(files)".split(separator: " ")
    }
    #expect(listed == tasks)
  }

  private static let note = """
    ## Week 3: the log

    | task | files | further tests |
    |---|---|---|
    | one line | `Line.swift` | `LogTests.format` |
    | the log | `Log.swift`, `Log+Open.swift` | |
    | given | `Counters.swift` | |

    ## Week 4: deletes

    | task | files | further tests |
    |---|---|---|
    | one entry | `Entry.swift` | |
    """

  private func tests(_ name: String, _ functions: String...) -> TestFile {
    let source = functions.map { "@Test func \($0)() {}" }.joined(separator: "\n")
    return TestFile("\(name).swift", Array("struct \(name) {\n\(source)\n}".utf8))
  }

  @Test("a test checks the task that names it, or else the one whose file has its name")
  func assigned() throws {
    var list = try TaskList(ofWeek: 3, in: Self.note)
    try list.assign([
      tests("LogTests", "append", "format"), tests("LineTests", "read"),
      tests("CountersTests", "add"),  // Of a file that is given.
    ])
    #expect(list.tasks.map(\.number) == ["3.1", "3.2"])
    #expect(list.tasks.map(\.title) == ["one line", "the log"])
    #expect(
      list.tasks.map(\.tests) == [["LogTests/format", "LineTests/read"], ["LogTests/append"]])
    #expect(list.given == ["Counters.swift"])
  }

  @Test("a test without a task, a task without tests and a name without a test are flaws")
  func unassigned() throws {
    let log = tests("LogTests", "append", "format")
    let other = tests("OtherTests", "a")
    for files in [[log, other], [tests("LogTests", "append")], [tests("LogTests", "format")]] {
      var list = try TaskList(ofWeek: 3, in: Self.note)
      #expect(throws: CourseFlaw.self) { try list.assign(files) }
    }
    #expect(throws: CourseFlaw.self) { _ = try TaskList(ofWeek: 5, in: Self.note) }
  }

  @Test("a file without a task, one that is not there and one with nothing to write are flaws")
  func files() throws {
    let list = try TaskList(ofWeek: 3, in: Self.note)
    let all: Set = ["Line.swift", "Log.swift", "Log+Open.swift", "Counters.swift"]
    try list.check(against: all, ["Options.swift"])
    #expect(throws: CourseFlaw.self) { try list.check(against: all.union(["New.swift"]), []) }
    #expect(throws: CourseFlaw.self) { try list.check(against: all.subtracting(["Log.swift"]), []) }
    #expect(throws: CourseFlaw.self) {
      try list.check(against: all.subtracting(["Log.swift"]), ["Log.swift"])
    }
  }
}

struct StarterManifestTests {
  @Test("a starter has the modules up to its week, and what they need from outside")
  func modules() throws {
    let ours = try Repository.own.text(of: "Package.swift")
    let folders = try Repository.own.names(in: "Sources")
    let first = try StarterManifest(ofModule: "Week1Memory", from: ours, folders: folders)
    #expect(
      first.sources == [
        "Basics", "Week1Memory", "Disk", "CRC32CInstruction", "CrashModel", "LinkCount",
      ])
    #expect(!first.text.contains(".git"))
    let fourth = try StarterManifest(ofModule: "Week4Compaction", from: ours, folders: folders)
    #expect(fourth.text.contains("swift-collections.git") && !fourth.text.contains("swift-nio"))
    #expect(!fourth.sources.contains("Week5Leveling"))
    let last = try StarterManifest(ofModule: "Week8Concurrency", from: ours, folders: folders)
    #expect(last.sources.contains("Linearizability"))
    #expect(throws: CourseFlaw.self) {
      _ = try StarterManifest(ofModule: "Week9", from: ours, folders: folders)
    }
  }
}
