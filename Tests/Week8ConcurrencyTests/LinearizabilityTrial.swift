import Disk
import Linearizability
import TestSupport
import Week1Memory
import Week3WAL
import Week5Leveling
import Week6Blocks
import Week7BloomTrie
import Week8Concurrency

/// An engine with small limits, which flushes and compacts all the time, and the history of threads
/// that share a few of its keys, over one or two of its lives.
struct HotTrial {
  private let options: ConcurrentEngine.Options
  private let threads: Int
  private let lives: Int
  private let closes: Bool
  private let keys: [Key]
  private let seed: UInt64

  /// Everything but the order of the threads follows from the seed.
  init(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var options = ConcurrentEngine.Options()
    options.memory.limit = .random(in: 500...4_000, using: &random)
    options.log = LogOptions(sync: .never, allocation: 0)
    options.levels.level0Limit = .random(in: 1...4, using: &random)
    options.levels.tableLimit = .random(in: 200...2_000, using: &random)
    options.levels.growth = 3
    options.blocks.cacheBytes = Bool.random(using: &random) ? 0 : 1 << 20
    // Without filters, a get looks for its key in many tables in vain.
    options.filters.bitsPerKey = Bool.random(using: &random) ? 0 : 10
    options.background.openTables = .random(in: 1...20, using: &random)
    self.options = options
    threads = .random(in: 4...8, using: &random)
    lives = .random(in: 1...2, using: &random)
    closes = .random(using: &random)
    keys = try (0..<Int.random(in: 3...16, using: &random)).map { try Key("k\($0)") }
    self.seed = seed
  }

  /// What happened, and how often tables were written meanwhile.
  func record(
    _ store: (ConcurrentEngine) -> HotStore = HotStore.init
  ) throws -> (history: History<Int>, flushes: Int, compactions: Int) {
    let directory = TemporaryDirectory()
    let recorder = HistoryRecorder<Int>()
    var (flushes, compactions) = (0, 0)
    for life in 0..<lives {
      let engine = try open(directory)
      try live(life, with: store(engine), recorder)
      flushes += engine.count("flushes")
      compactions += engine.count("compactions")
      if closes { try engine.close() }
    }
    return (recorder.history, flushes, compactions)
  }

  private func open(_ directory: TemporaryDirectory) throws -> ConcurrentEngine {
    while true {
      if let engine = try openUnlessLocked(directory) { return engine }
      Scheduler.threads.pause(.milliseconds(1))
    }
  }

  /// Returns nil while a thread of the previous life has yet to release its engine.
  private func openUnlessLocked(_ directory: TemporaryDirectory) throws -> ConcurrentEngine? {
    do {
      return try ConcurrentEngine(directory.path, options, calls: .unsynced)
    } catch StorageError.locked {
      return nil
    }
  }

  private func live(
    _ life: Int, with store: HotStore, _ recorder: HistoryRecorder<Int>
  ) throws {
    try withThreads(threads) { thread in
      let number = 1 + life * threads + thread
      var client = HotClient(number, of: store, keys: keys, recorder, seed: seed)
      try client.perform(400 / threads)
    }
  }
}

extension ConcurrentEngine {
  fileprivate func count(_ name: String) -> Int {
    statistics.first { $0.name == name }?.value ?? 0
  }
}

extension History {
  /// Why it is not known to be linearizable; nil if it is.
  var objection: String? {
    switch verdict() {
    case .linearizable: nil
    case .contradiction(let contradiction): "\(contradiction)"
    case .undecided(let keys): "it is undecided for \(keys.joined(separator: ", "))"
    }
  }
}
