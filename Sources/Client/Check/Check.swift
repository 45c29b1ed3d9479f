/// One thing that a learner's server has to do, and how to find out whether it does.
package struct Check: Sendable {
  /// A sentence about the behaviour.
  package let name: String
  /// From the week that asks for it to the last that does.
  package let weeks: ClosedRange<Int>
  /// What to read where it is red.
  package let section: Section
  /// Its place in the course, from 1; the keys that it uses begin with it.
  package private(set) var number = 0
  let ground: Ground
  let body: @Sendable (CheckedServer) async throws -> Void

  /// The data that a check begins with.
  enum Ground: Sendable {
    /// Whatever earlier checks left. Its keys are its own.
    case any
    /// A new, empty directory.
    case empty
  }

  /// A check that throws a `Mistake` where the server is wrong, and a `Skip` where there is nothing to
  /// check.
  init(
    _ name: String, from first: Int, until last: Int = newestWeek, read section: Section,
    on ground: Ground = .any, _ body: @escaping @Sendable (CheckedServer) async throws -> Void
  ) {
    self.name = name
    weeks = first...last
    self.section = section
    self.ground = ground
    self.body = body
  }

  package static let newestWeek = 8

  /// The whole course, in its order.
  package static let all: [Check] = {
    var all = week1 + week2 + week3 + week4 + week5 + week6 + week7 + week8
    for index in all.indices { all[index].number = index + 1 }
    return all
  }()

  /// The checks that a server of `week` has to pass: those of the weeks before it too.
  package static func course(to week: Int) -> [Check] { all.filter { $0.weeks.contains(week) } }
}

/// A check found a wrong answer, or none; with all that a reader needs to see why it is wrong.
package struct Mistake: Error, Equatable, Sendable {
  /// What was done, a step a line; the last one shows the mistake.
  package var sent: [String]
  package var expected: String
  package var came: String
  /// What is often the reason.
  package var hint: String?

  init(sent: [String], expected: String, came: String, hint: String? = nil) {
    self.sent = sent
    self.expected = expected
    self.came = came
    self.hint = hint
  }
}

/// There is nothing to check, and why.
struct Skip: Error, Sendable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
