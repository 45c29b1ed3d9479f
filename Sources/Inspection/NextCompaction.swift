public import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week8Concurrency
public import Weeks

/// The step of compaction that is due in a directory, why, and what it would do with each key.
///
/// The engine's own parts choose the step and run its merge; nothing is written, and no lock is taken.
/// What an engine that has the directory open is doing at the moment is not known.
public struct NextCompaction: Sendable {
  public let listing: Listing

  /// An engine that replaces its manifest more often than this while tables are read is faster than
  /// we are.
  private static let mostRounds = 50

  /// `settings` are those of the engine: its limits are not in the directory. The decisions of the merge
  /// are listed for its first `keys` keys; all of its tables are read.
  public init(
    _ path: String, _ settings: Settings, keys: Int, calls: SystemCalls = .system
  ) throws(NothingOfOurs) {
    for _ in 1...Self.mostRounds {
      let manifest = try Self.manifest(in: path, calls)
      do throws(StorageError) {
        let directory = try Directory(path, calls: calls.readingOnly)
        let plan = CompactionPlan(manifest, in: directory, settings, mostDecisions: keys)
        listing = manifest.hasLevels ? try plan.ofLevels() : try plan.ofList(calls)
        return
      } catch  where error.isOfMissingFile {
        let now = try Self.manifest(in: path, calls)
        if now.bytes == manifest.bytes {
          throw NothingOfOurs(path: path, reason: error.description)
        }
      } catch {
        throw NothingOfOurs(path: path, reason: error.description)
      }
    }
    let reason = "\(path): its tables are replaced faster than they are read"
    throw NothingOfOurs(path: path, reason: reason)
  }

  private static func manifest(
    in path: String, _ calls: SystemCalls
  ) throws(NothingOfOurs) -> ManifestInspection {
    let manifest: ManifestInspection
    do throws(StorageError) {
      manifest = try ManifestInspection("\(path)/\(ManifestFile.name)", calls)
    } catch {
      throw NothingOfOurs(path: path, reason: error.description)
    }
    if let fault = manifest.diagnosis.faults.first {
      throw NothingOfOurs(path: path, reason: fault.description)
    }
    if manifest.week < ManifestInspection.firstWeekOfTombstones {
      let reason = "\(path) is of week \(manifest.week), and compaction comes with week 4"
      throw NothingOfOurs(path: path, reason: reason)
    }
    return manifest
  }
}

/// What is needed to find the next step in one directory.
struct CompactionPlan {
  let manifest: ManifestInspection
  let directory: Directory
  let settings: Settings
  let mostDecisions: Int
  let journal = MergeJournal()

  init(
    _ manifest: ManifestInspection, in directory: Directory, _ settings: Settings,
    mostDecisions: Int
  ) {
    self.manifest = manifest
    self.directory = directory
    self.settings = settings
    self.mostDecisions = mostDecisions
  }

  func planned(_ table: NamedTable, _ range: KeyRange) -> PlannedTable {
    PlannedTable(
      record: table.record, keyRange: range, directory: directory, week: manifest.week,
      journal: journal)
  }

  /// The limits of the levels, as an engine of the directory's week has them.
  var options: LevelOptions {
    manifest.hasBatches ? settings.concurrent.levels : settings.levels
  }
}
