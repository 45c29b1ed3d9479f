import ArgumentParser
import Basics
import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Weeks

/// A part of the workload, named as other benchmarks name theirs.
enum BenchmarkPart: String, CaseIterable, ExpressibleByArgument {
  case fillseq
  /// Sets at random, then again, and brings everything into one sorted run.
  case fillrandom
  /// Gets of present and of absent keys.
  case read
  case scan
  /// Sets, each durable before the next.
  case fillsync
}

/// Runs the workload on one store, and prints a line for each part of it.
struct Benchmark {
  let workload: Workload
  let directory: String
  let parts: [BenchmarkPart]
  let settings: Settings
  let week: Week

  private func open(_ name: String, sync: SyncPolicy = .never) throws -> any Store {
    var settings = settings
    settings.log.sync = sync
    return try week.open("\(directory)/\(name)", settings: settings)
  }

  /// Leaves out what the week cannot do.
  func run() throws {
    for part in parts {
      switch part {
      case .fillseq: try fillInOrder()
      case .fillrandom: try fillAtRandom()
      case .read where week.survivesRestart: try readSettled()
      case .scan where week.scans: try scanSettled()
      case .fillsync where week.survivesCrash: try fillSynced()
      case .read, .scan, .fillsync: continue
      }
    }
  }

  private func fillInOrder() throws {
    let store = try open("seq")
    try report("fillseq", workload.entries) { i in
      try store.set(workload.sequentialKey(i), to: workload.value(i))
    }
    try store.close()
  }

  private func fillAtRandom() throws {
    let store = try open("random")
    try report("fillrandom", workload.entries) { i in
      try store.set(workload.randomKey(i), to: workload.value(i))
    }
    try report("overwrite", workload.entries) { i in
      let key = Int(Workload.mix(UInt64(i)) % UInt64(workload.entries))
      try store.set(workload.randomKey(key), to: workload.value(i + workload.entries))
    }
    let start = ContinuousClock.now
    try store.flush()
    try store.compactAll()
    print("settle       \(ContinuousClock.now - start)")
    try store.close()
  }

  private func readSettled() throws {
    let start = ContinuousClock.now
    let store = try open("random")
    print("open         \(ContinuousClock.now - start)")
    try report("readhit", workload.entries) { i in
      let value = try store.get(workload.presentKey(i))
      guard value?.bytes.count == Workload.valueLength else { throw WrongAnswer() }
    }
    try report("readmiss", workload.entries) { i in
      guard try store.get(workload.absentKey(i)) == nil else { throw WrongAnswer() }
    }
    for statistic in store.statistics where statistic.name.hasSuffix("_bytes") {
      print("  \(statistic.name) \(statistic.value)")
    }
    try store.close()
  }

  private func scanSettled() throws {
    let store = try open("random")
    let (first, last) = (try Key("!"), try Key("~"))
    var bytes = 0
    let time = try ContinuousClock().measure {
      var rows = try store.scan(from: first, to: last)
      while let row = try rows.next() {
        bytes += row.key.bytes.count + row.payload.bytes.count
      }
    }
    guard bytes == workload.entries * Workload.entryLength else {
      throw WrongAnswer()
    }
    print(line("scan", workload.entries, time))
    try store.close()
  }

  private func fillSynced() throws {
    let store = try open("sync", sync: .always)
    try report("fillsync", 3_000) { i in
      try store.set(workload.randomKey(i), to: workload.value(i))
    }
    try store.close()
  }

  private func report(_ name: String, _ count: Int, _ operation: (Int) throws -> Void) throws {
    let time = try ContinuousClock().measure { for i in 0..<count { try operation(i) } }
    print(line(name, count, time))
  }

  private func line(_ name: String, _ count: Int, _ time: Duration) -> String {
    let padded = name + String(repeating: " ", count: max(1, 13 - name.count))
    return "\(padded)\(Int(Double(count) / (time / .seconds(1)))) ops/s"
  }
}

/// The store has answered wrongly: no figure of such a run means anything.
struct WrongAnswer: Error {}
