public import ArgumentParser

/// The command-line options of an engine, for every program that opens one. The options of every
/// week are a group here.
public struct EngineArguments: ParsableArguments {
  @OptionGroup public var lsm: LSMArguments
  @OptionGroup public var wal: WALArguments
  @OptionGroup public var compaction: CompactionArguments
  @OptionGroup public var levels: LevelArguments
  @OptionGroup public var blocks: BlockArguments
  @OptionGroup public var filters: FilterArguments
  @OptionGroup public var concurrency: ConcurrencyArguments

  private var groups: [any WeekArguments] {
    [lsm, wal, compaction, levels, blocks, filters, concurrency]
  }

  public init() {}

  public var settings: Settings {
    groups.reduce(into: Settings()) { settings, group in group.apply(to: &settings) }
  }
}

/// The command-line options that a week adds.
public protocol WeekArguments: ParsableArguments {
  func apply(to settings: inout Settings)
}

extension WeekArguments {
  /// Large enough for any machine, and small enough that no sum or product of settings overflows.
  static var maximum: Int { 1 << 40 }
}

extension Week: ExpressibleByArgument {
  public init?(argument: String) {
    guard let number = Int(argument) else { return nil }
    self.init(number: number)
  }

  public var defaultValueDescription: String { "\(number)" }
  public static var allValueStrings: [String] { allCases.map { "\($0.number)" } }
}
