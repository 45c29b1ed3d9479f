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

  /// A check that throws a `Mistake` where the server is wrong, a `Skip` where there is nothing to check,
  /// and a `CutShort` where its time was over too early.
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
  /// What to read instead of the check's section.
  package var section: Section?

  init(
    sent: [String], expected: String, came: String, hint: String? = nil, section: Section? = nil
  ) {
    self.sent = sent
    self.expected = expected
    self.came = came
    self.hint = hint
    self.section = section
  }
}

/// A check ended before it had tested all that its name says. It found nothing wrong so far.
package struct CutShort: Error, Equatable, Sendable {
  /// How far it came.
  package let progress: String
  /// Which part of it was done, from 0 to 1; nil where more time would not help.
  package let part: Double?

  /// Its time was over after `done` of `all` things, such as "requests".
  init(_ done: Int, of all: Int, _ things: String) {
    progress = "\(done) of \(all) \(things)"
    part = Double(done) / Double(max(all, 1))
  }

  /// It ended for another reason.
  init(_ progress: String) {
    self.progress = progress
    part = nil
  }
}

/// There is nothing to check, and why.
struct Skip: Error, Sendable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
