import ArgumentParser
import Week5Leveling
import Week6Blocks

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Bench",
    abstract: "Times an engine in this process, on the workload of other engines' benchmarks.",
    discussion: """
      16-byte keys, 100-byte values, 64 MiB of memtable and of block cache, nothing compressed. Build \
      it with -c release. Figures of a machine mean little: run what you compare with beside it.
      """)

  @Option(help: "The week whose engine is timed: 5 or 6.")
  var week = 6

  @Option(help: "How many entries are written.")
  var entries = 1_000_000

  @Option(help: "An empty directory for the stores.")
  var data: String

  @Option(
    parsing: .upToNextOption,
    help: "What is run. To read, what was filled at random has to be there.")
  var parts = BenchmarkPart.allCases

  @Option(help: "The memory of the memtable, in entries of this workload.")
  var memtableLimit = (64 << 20) / Workload.entryLength

  func validate() throws {
    guard entries >= 1, memtableLimit >= 1 else {
      throw ValidationError("the numbers have to be at least 1")
    }
    guard week == 5 || week == 6 else { throw ValidationError("--week has to be 5 or 6") }
  }

  func run() throws {
    let levels = LevelOptions(tableLimit: (2 << 20) / Workload.entryLength)  // 2 MiB, as LevelDB's.
    let workload = Workload(entries: entries)
    switch week {
    case 5:
      try Benchmark(workload: workload, directory: data, parts: parts) { path, log in
        try LeveledEngine(path, memtableLimit: memtableLimit, log: log, levels: levels)
      } settle: { engine in
        try engine.flush()
        try engine.compactAll()
      }.run()
    default:
      try Benchmark(workload: workload, directory: data, parts: parts) { path, log in
        try BlockEngine(
          path, memtableLimit: memtableLimit, log: log, levels: levels,
          blocks: BlockOptions(cacheBytes: 64 << 20))
      } settle: { engine in
        try engine.flush()
        try engine.compactAll()
      }.run()
    }
  }
}
