import ArgumentParser
import Foundation
import TestSupport
import Testing
import Week1Memory
import Week3WAL
import Week4Compaction
import Weeks

/// Promise 14: an accepted option cannot end the process. A trap would end these tests.
@Suite("An option of the engine")
struct OptionTests {
  private static let help = EngineArguments.helpMessage(columns: 1_000)

  /// Every numeric option.
  private static let names = names(in: help)

  /// The arguments of every week. In a debug build, those of one week are parsed several times
  /// faster than those of all.
  private static let weeks: [any WeekArguments.Type] = [
    LSMArguments.self, WALArguments.self, CompactionArguments.self, LevelArguments.self,
    BlockArguments.self, FilterArguments.self, ConcurrencyArguments.self,
  ]

  /// The number of the week that adds these arguments: week 1 has none.
  private static func number(of week: any WeekArguments.Type) -> Int {
    (weeks.firstIndex { $0 == week } ?? 0) + 2
  }

  /// Every numeric option, with the arguments it belongs to.
  private static let options = weeks.flatMap { week in
    names(in: week.helpMessage(columns: 1_000)).map { (name: $0, week: week) }
  }

  private static func names(in help: String) -> [String] {
    help.matches(of: #/\n  (--[a-z0-9-]+) <number>/#).map { String($0.1) }
  }

  /// The range of an option, according to the help.
  private static func range(of name: String) -> ClosedRange<Int>? {
    guard let end = help.firstRange(of: "\n  \(name) ")?.upperBound,
      let match = help[end...].prefix(200).firstMatch(of: #/\((\d+) to (\d+); default: \d+\)/#),
      let lower = Int(match.1), let upper = Int(match.2)
    else { return nil }
    return lower...upper
  }

  /// Both bounds, one beyond each, and numbers unrelated to the bounds.
  private static func numbers(_ range: ClosedRange<Int>) -> Set<Int> {
    [
      -1, 0, 1, range.lowerBound - 1, range.lowerBound, range.upperBound, range.upperBound + 1,
      100_000_000_000_000_000, .max,
    ]
  }

  @Test("is an option of exactly one week, and takes effect beside all others")
  func allAtOnce() throws {
    #expect(Self.names.count >= 17)
    #expect(Self.options.map(\.name) == Self.names)
    let arguments = Self.names.map { "\($0)=\(Self.range(of: $0)?.upperBound ?? 0)" }
    var settings = Settings()
    for week in Self.weeks {
      let own = zip(Self.options, arguments).filter { $0.0.week == week }.map(\.1)
      try week.parse(own).apply(to: &settings)
    }
    #expect("\(try EngineArguments.parse(arguments).settings)" == "\(settings)")
  }

  @Test("is refused, or the engine works with it", arguments: Week.allCases)
  func accepted(week: Week) throws {
    let filled = try Self.filledDirectory(week)
    // An earlier week's engine knows nothing of the options of a later one.
    for (number, settings) in Self.accepted where Effort.isFull || number <= max(week.number, 2) {
      try Self.use(week, settings, TemporaryDirectory(), holds: [:])
      try Self.use(week, settings, try Self.copy(of: filled), holds: Self.entries)
    }
  }

  @Test("is refused with its name and its range", arguments: ["0x10", "-1"])
  func refused(text: String) throws {
    for (name, week) in Self.options {
      let error = #expect(throws: (any Error).self) { try week.parse(["\(name)=\(text)"]) }
      let message = error.map { week.message(for: $0) } ?? ""
      #expect(message.contains(name) && message.contains(" to "), "\(message)")
    }
  }

  @Test("names its range and its default in the help")
  func help() {
    for name in Self.names { #expect(Self.range(of: name) != nil, "\(name)") }
  }

  /// The settings of every accepted number, and the week that they are for. Writes need not survive a
  /// power failure here.
  private static let accepted = options.flatMap { name, week in
    let range = range(of: name) ?? 0...0
    return numbers(range).compactMap { number -> (week: Int, settings: Settings)? in
      let arguments = try? week.parse(["\(name)=\(number)"])
      precondition((arguments != nil) == range.contains(number), "\(name)=\(number)")
      var settings = arguments?.settings
      settings?.log.sync = .never
      if name != "--log-allocation" { settings?.log.allocation = 0 }
      return settings.map { (Self.number(of: week), $0) }
    }
  }

  private static let entries = Dictionary(
    uniqueKeysWithValues: (0..<60).map { ("k\($0)", "value \($0)") })

  /// Sets, gets, and everything else the week has, over a directory that already holds `entries`.
  private static func use(
    _ week: Week, _ settings: Settings, _ directory: TemporaryDirectory,
    holds entries: [String: String]
  ) throws {
    let store = try week.open(directory.path, settings: settings, calls: .unsynced)
    if week.survivesRestart {
      for (key, value) in entries { #expect(try store.get(Key(key)) == Value(value)) }
    }
    for number in 0..<12 { try store.set(Key("new\(number)"), to: "new") }
    if week.deletes { try store.delete("new3") }
    try store.flush()
    for number in 0..<12 { try store.set(Key("new\(number)"), to: Value("\(number)")) }
    try store.compact()
    if week.scans {
      var scan = try store.scan(from: "new", to: "new9")
      var keys = 0
      while try scan.next() != nil { keys += 1 }
      #expect(keys == 11)
    }
    #expect(try store.get("new7") == "7")
    try store.close()
  }

  private static func filledDirectory(_ week: Week) throws -> TemporaryDirectory {
    let directory = TemporaryDirectory()
    let store = try week.open(directory.path, settings: TestStore.settings, calls: .unsynced)
    for (key, value) in entries { try store.set(Key(key), to: Value(value)) }
    try store.close()
    return directory
  }

  private static func copy(of directory: TemporaryDirectory) throws -> TemporaryDirectory {
    let copy = TemporaryDirectory()
    for name in directory.names where name != "LOCK" {
      try copy.write(directory.bytes(of: name), to: name)
    }
    return copy
  }
}

extension WeekArguments {
  /// The settings with these arguments and no others.
  fileprivate var settings: Settings {
    var settings = Settings()
    apply(to: &settings)
    return settings
  }
}
