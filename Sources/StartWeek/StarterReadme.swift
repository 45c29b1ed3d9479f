/// The README of a starter.
struct StarterReadme {
  private let course: Course
  /// Where our own sources are.
  private let repository: String

  init(_ course: Course, from repository: String) {
    self.course = course
    self.repository = repository
  }

  var text: String { introduction + course.list.tasks.map(section).joined() + ending }

  private var introduction: String {
    """
    # Build week \(course.week)

    `Sources/\(course.module)` has every declaration with its comment, and no bodies: each is a call of
    `task` with the number of the task that it belongs to. Replace these calls. Everything else is
    complete: \(given), and the week's tests.

    Read the chapter first, `\(repository)/notes/week\(course.week).md`, up to the walk. Then do the tasks
    in order:

        ./check \(course.week).1      builds, and runs the tests of task \(course.week).1
        ./check          all tasks: which are done, and the first failure

    A missing body ends the process, so `./check` runs each test in a process of its own. (`swift test`
    stops at the first missing body.) A task is done when its tests pass and none of its bodies is
    missing. Its tests do not run all of its code. The rest is run by later tasks or weeks, so when one of
    them fails, the mistake may be in a file of a task that is done. As long as bodies are missing, the
    compiler may warn of a `public import` that is not used.

    - What is `private` is our way of doing it. You may change it: nothing outside its file uses it.
    - Everything else keeps its name, its parameters and what its comment promises.
    - Stuck? `\(repository)/Scripts/start-week --solve \(course.week).1 .` puts our files for task \(course.week).1
      in place, and keeps yours in `yours/`.

    Where the compiler may object:

    - A body under `@inlinable` may use only what is `public` or `@usableFromInline`. Mark your own helpers
      `@usableFromInline`, or remove `@inlinable` from that declaration, which costs only speed.
    - "thrown expression type 'any Error'": a closure that throws has to say what it throws, as in
      `rows.map { (row) throws(StorageError) in … }`. `map` passes that on; `compactMap`, `flatMap` and
      `reduce` do not, so write a loop.
    - "used after consume", "consumed more than once": a value of a `~Copyable` type has one owner.
      Create it and consume it in one scope. From an optional variable, `x.take()` moves it out; `x?.count`
      only looks at it, and `x!.count` consumes it.


    """
  }

  private var given: String {
    course.week == 1 ? "the modules that it needs" : "the earlier weeks, the modules that they need"
  }

  private var comparison: String {
    course.week == 1
      ? "the walk in the chapter"
      : "the walk in the chapter, and `Scripts/week-diff \(course.week)`"
  }

  private func section(of task: WeekTask) -> String {
    "## Task \(task.number): \(task.title)\n\n"
      + task.files.compactMap(course.file).map(list).joined() + "\n"
      + "Checked by \(tests(of: task)).\n\n"
  }

  private func list(of file: SourceFile) -> String {
    let count = file.missing.count == 1 ? "one body" : "\(file.missing.count) bodies"
    let names = file.missing.map(\.name).unique.map { "`\($0)`" }
    return "- `Sources/\(course.module)/\(file.name)`, \(count): \(names.joined(separator: ", "))\n"
  }

  private func tests(of task: WeekTask) -> String {
    let count = task.tests.count == 1 ? "one test" : "\(task.tests.count) tests"
    let suites = task.tests.map { test in String(test.prefix { $0 != "/" }) }.unique
    return "\(count), in " + suites.map { "`\($0)`" }.joined(separator: ", ")
  }

  private var ending: String {
    """
    ## When everything passes

    Compare with ours: \(comparison). To serve your engine, copy
    `Sources/\(course.module)` into a branch of the repository, without `MissingBody.swift`. Then
    `swift run Server --week \(course.week)` runs it, and `swift test --filter ContractTests` checks what all
    weeks promise.

    """
  }
}

extension [String] {
  /// Each element once, at its first place.
  fileprivate var unique: [String] {
    enumerated().filter { !self[..<$0.offset].contains($0.element) }.map(\.element)
  }
}
