import ArgumentParser

@main
struct InspectTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Inspect",
    abstract: "Shows what is in a store, of any week, and what its next compaction would do.",
    discussion: "`Inspect PATH` is `Inspect show PATH`. Nothing is opened for writing.",
    subcommands: [InspectCommand.self, NextCommand.self],
    defaultSubcommand: InspectCommand.self)
}
