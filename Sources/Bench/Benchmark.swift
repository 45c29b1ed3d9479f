import ArgumentParser
import Disk
import Synchronization
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Weeks

/// A part of the workload, under the name that other benchmarks use.
enum BenchmarkPart: String, CaseIterable, Sendable, ExpressibleByArgument {
  case fillseq
  /// Sets random keys, then sets them again, and merges everything into one sorted run.
  case fillrandom
  /// Gets of present and of absent keys.
  case read
  case scan
  /// Gets at rest, and then beside a thread that sets at random, so that the engine flushes and compacts.
  case mixed
  /// Sets, each durable before it returns.
  case fillsync
}

/// Runs the workload on stores of one engine, and reports a row for each part of it.
struct Benchmark: Sendable {
  let workload: Workload
  let directory: String
  let parts: [BenchmarkPart]
  let subject: Subject
  let report: Report

  private func open(_ name: String, sync: SyncPolicy = .never) throws -> any Store {
    try subject.open("\(directory)/\(name)", sync)
  }

  /// Skips what the engine cannot do.
  func run() throws {
    for part in parts {
      switch part {
      case .fillseq: try fillInOrder()
      case .fillrandom: try fillAtRandom()
      case .read where subject.survivesRestart: try readSettled()
      case .scan where subject.scans: try scanSettled()
      case .mixed where subject.survivesRestart: try readBesideWriter()
      case .fillsync where subject.survivesCrash: try fillSynced()
      case .read, .scan, .mixed, .fillsync: continue
      }
    }
  }

  private func fillInOrder() throws {
    let store = try open("seq")
    try measure("fillseq", workload.entries) { i in
      try store.set(workload.sequentialKey(i), to: workload.value(i))
    }
    try store.close()
  }

  private func fillAtRandom() throws {
    let store = try open("random")
    try measure("fillrandom", workload.entries) { i in
      try store.set(workload.randomKey(i), to: workload.value(i))
    }
    try measure("overwrite", workload.entries) { i in
      let key = Int(Workload.mix(UInt64(i)) % UInt64(workload.entries))
      try store.set(workload.randomKey(key), to: workload.value(i + workload.entries))
    }
    report.add(store.statistics.filter { $0.name == "write_amplification_percent" })
    report.add("settle", seconds: try Cost { try settle(store) }.seconds)
    report.add(store.statistics.filter { $0.name == "table_bytes" })
    try store.close()
  }

  private func settle(_ store: any Store) throws {
    try store.flush()
    try store.compactAll()
  }

  private func readSettled() throws {
    var store: any Store = try open("random")
    try store.close()
    report.add("open", seconds: try Cost { store = try open("random") }.seconds)
    let opened = store
    for threads in [1, 4] {
      try measure("readhit", threads: threads, workload.entries, Latencies(ofAll: false)) { i in
        let value = try opened.get(workload.presentKey(i))
        guard value?.bytes.count == Workload.valueLength else { throw WrongAnswer() }
      }
      try measure("readmiss", threads: threads, workload.entries, Latencies(ofAll: false)) { i in
        guard try opened.get(workload.absentKey(i)) == nil else { throw WrongAnswer() }
      }
    }
    report.add(opened.statistics.filter { $0.name == "gets_tables_read" })
    try opened.close()
  }

  private func scanSettled() throws {
    let store = try open("random")
    let (first, last) = (try Key("!"), try Key("~"))
    var bytes = 0
    let cost = try Cost {
      var rows = try store.scan(from: first, to: last)
      while let live = try rows.next(examining: 1_000) {
        for row in live { bytes += row.key.bytes.count + row.payload.bytes.count }
      }
    }
    guard bytes == workload.entries * Workload.entryLength else { throw WrongAnswer() }
    report.add("scan", threads: 1, count: workload.entries, cost)
    try store.close()
  }

  private func readBesideWriter() throws {
    let store = try open("random")
    try MixedWork(store: store, workload: workload, report: report).run()
    try store.close()
  }

  private func fillSynced() throws {
    for (threads, count) in [(1, 3_000), (16, 20_000), (64, 40_000)] {
      let store = try open("sync-\(threads)", sync: .always)
      try measure("fillsync", threads: threads, count) { i in
        try store.set(workload.randomKey(i), to: workload.value(i))
      }
      try store.close()
    }
  }

  /// Reports the operations per second of `threads` threads, each of which takes 64 operations at a
  /// time.
  private func measure(
    _ row: String, threads: Int = 1, _ count: Int, _ latencies: Latencies = Latencies(),
    _ operation: @escaping @Sendable (Int) throws -> Void
  ) throws {
    let next = Atomic(0)
    let cost = try Cost {
      try withThreads(threads) { _ in
        var times = latencies.begin()
        defer { latencies.add(times) }
        while true {
          let first = next.wrappingAdd(64, ordering: .relaxed).oldValue
          if first >= count { return }
          if first % (64 << 8) == 0 { report.show(row, first, of: count) }
          for i in first..<min(count, first + 64) {
            try times.time(i) { try operation(i) }
          }
        }
      }
    }
    report.add(row, threads: threads, count: count, cost, latencies)
  }
}

/// The store gave a wrong answer, so no figure of this run is valid.
struct WrongAnswer: Error {}
