import ArgumentParser
import Client
import Testing

/// A number on the client's command line is either refused with its range or accepted.
struct OptionTests {
  private static let numbers = [
    -1, 0, 1, 1_024, 1_025, 3_600, 3_601, 1_000_001, 10_000_001, 100_000_000_000_000_000, .max,
  ]

  @Test("every number has a range, and one outside it is a usage error that names both")
  func ranges() {
    check(RunCommand.self, ["scenario"])
    check(TortureCommand.self, ["--", "server"])
    check(LinearizeCommand.self, [])
  }

  private func check<Command: ParsableCommand>(_: Command.Type, _ rest: [String]) {
    let names = Mirror(reflecting: Command()).children.compactMap { child in
      child.value is Option<Int> ? child.label.map(Self.commandLineName) : nil
    }
    #expect(names.count >= 2)
    for name in names {
      var refused = 0
      for number in Self.numbers {
        do {
          _ = try Command.parse(["\(name)=\(number)"] + rest)
        } catch {
          refused += 1
          #expect(Command.exitCode(for: error).rawValue == 64)
          #expect(Command.message(for: error).contains(name))
        }
      }
      #expect(refused >= 3, "\(name)")
    }
  }

  private static func commandLineName(_ label: String) -> String {
    label.dropFirst().reduce("--") { $0 + ($1.isUppercase ? "-" : "") + $1.lowercased() }
  }
}
