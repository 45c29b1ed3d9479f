import ArgumentParser
import Week3WAL
import Week6Blocks
import Week7BloomTrie
import Weeks

/// What is timed: the engine of a week, or another engine beside it.
struct Subject: Sendable {
  /// The member of each line of JSON that says what was timed: `"week":8`.
  let label: String
  let survivesRestart: Bool
  let survivesCrash: Bool
  let scans: Bool
  let open: @Sendable (_ directory: String, SyncPolicy) throws -> any Store
}

extension Subject {
  static func week(_ week: Week, _ settings: Settings) -> Subject {
    Subject(
      label: "\"week\":\(week.number)", survivesRestart: week.survivesRestart,
      survivesCrash: week.survivesCrash, scans: week.scans
    ) { directory, sync in
      var settings = settings
      settings.log.sync = sync
      return try week.open(directory, settings: settings)
    }
  }

  /// LevelDB, with those of a week's settings that it has too.
  static func levelDB(_ settings: Settings) throws -> Subject {
    let library = try LevelDBLibrary()
    let (memory, cache) = (settings.memory.limit, settings.blocks.cacheBytes)
    return Subject(
      label: "\"engine\":\"leveldb\"", survivesRestart: true, survivesCrash: true, scans: true
    ) { directory, sync in
      try LevelDBStore(
        directory, library, memtableBytes: memory, cacheBytes: cache, syncs: sync == .always)
    }
  }
}

/// An engine that we did not write.
enum Peer: String, CaseIterable, Sendable, ExpressibleByArgument {
  case leveldb
}
