import ArgumentParser
import Foundation
import Options
import Week2LSM
import Week3WAL
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Weeks

@main
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Bench",
    abstract: "Times an engine in this process, on the workload of other engines' benchmarks.",
    discussion: """
      16-byte keys, 100-byte values, 64 MiB of memtable and of block cache, nothing compressed. Build \
      it with -c release. The figures of one machine mean little: compare with runs on the same one.
      """)

  @Option(help: "The week whose engine is timed.")
  var week = Week.newest

  @Option(help: "Another engine to time instead, through its C library if that is installed.")
  var peer: Peer?

  @Option(1...1_000_000_000, "How many entries are written.")
  var entries = 1_000_000

  @Option(help: "An empty directory for the stores.")
  var data: String

  @Option(
    parsing: .upToNextOption,
    help: "The parts to run. Reading needs the store of an earlier fillrandom.")
  var parts = BenchmarkPart.allCases

  @Option(1...(1 << 40), "The memory of the memtable, in entries of this workload.")
  var memtableLimit = (64 << 20) / Workload.entryLength

  @Option(help: "A file for the figures: one JSON object per line.")
  var json: String?

  func run() throws {
    var settings = Settings()
    settings.memtable.limit = memtableLimit
    settings.log.limit = .max  // The memtable's limit in entries is the one that counts here.
    settings.memory.limit = memtableLimit * Workload.entryLength
    settings.levels.tableLimit = (2 << 20) / Workload.entryLength  // 2 MiB, as LevelDB's.
    settings.blocks.cacheBytes = 64 << 20
    let subject =
      switch peer {
      case nil: Subject.week(week, settings)
      case .leveldb: try Subject.levelDB(settings)
      }
    let report = Report(label: subject.label)
    try Benchmark(
      workload: Workload(entries: entries), directory: data, parts: parts, subject: subject,
      report: report
    ).run()
    report.addMemory()
    if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
  }
}
