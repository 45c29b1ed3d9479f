import CrashModel
import Disk
import Synchronization
import TestSupport
import Week1Memory
import Week8Concurrency
import Weeks

/// Proves promise 12 for one order of threads: a power failure does not take back what a reader has
/// seen.
///
/// One thread writes a key again and again, each time with the next number; another reads it, and
/// notes after how many system calls it saw which number. Whichever later call the power fails
/// before, the key must have that number or a later one.
struct VisibilityProof {
  let seed: UInt64
  var writes = 24
  /// Alters the store that the two threads use.
  var alter: @Sendable (any Store) -> any Store = { $0 }
  var sabotage: @Sendable (SystemCalls) -> SystemCalls = { $0 }

  private static let key: Key = "d"

  fileprivate struct Sighting {
    let number: Int
    /// The number of calls made by then.
    let calls: Int
  }

  func findings() -> Findings {
    var findings = Findings()
    let disk = SimulatedDisk(records: true)
    var generator = SeededGenerator(seed: seed)
    let thresholds = Thresholds(using: &generator)
    do throws(StorageError) {
      let sightings = try use(disk, thresholds)
      let images = disk.recorded.map(\.imageBefore) + [disk.image]
      for (calls, image) in images.enumerated() where !findings.areEnough {
        let least = sightings.filter { $0.calls <= calls }.map(\.number).max() ?? 0
        if least == 0 { continue }
        for outcome in [CrashOutcome.powerLoss(names: .none, bytes: .none), .kill] {
          findings.count(.sightings)
          let after = image.crashed(outcome, using: &generator)
          let found = try number(in: after, thresholds)
          if found >= least { continue }
          let way = "week 8, seed \(seed), \(outcome) before call \(calls)"
          findings.report(.sightings, "\(way): a reader saw \(least), and \(found) is there")
        }
      }
    } catch {
      findings.report(.sightings, "week 8, seed \(seed): \(error)")
    }
    return findings
  }

  private func use(
    _ disk: SimulatedDisk, _ thresholds: Thresholds
  ) throws(StorageError) -> [Sighting] {
    let simulated = try open(disk, thresholds)
    let store = alter(simulated)
    let reader = SeeingReader(store, Self.key, disk)
    simulated.scheduler.scheduler.run { reader.run(on: simulated.scheduler) }
    for number in 1...writes { try store.set(Self.key, to: value(number)) }
    reader.stop()
    simulated.scheduler.drain()
    return reader.sightings
  }

  private func open(
    _ disk: SimulatedDisk, _ thresholds: Thresholds
  ) throws(StorageError) -> SimulatedStore {
    try SimulatedStore(
      Session.path, thresholds.settings, sabotage(disk.calls), seed: thresholds.schedule)
  }

  private func number(
    in image: DiskImage, _ thresholds: Thresholds
  ) throws(StorageError) -> Int {
    let store = try open(SimulatedDisk(image), thresholds)
    return try store.get(Self.key).flatMap { Int($0.text) } ?? 0
  }

  private func value(_ number: Int) -> Value {
    do { return try Value("\(number)") } catch { return "" }
  }
}

/// Reads a key until it is stopped, and lets other threads run after each read.
private final class SeeingReader: Sendable {
  private let store: any Store
  private let key: Key
  private let disk: SimulatedDisk
  private let isStopped = Atomic(false)
  private let seen = Mutex<[VisibilityProof.Sighting]>([])

  init(_ store: any Store, _ key: Key, _ disk: SimulatedDisk) {
    self.store = store
    self.key = key
    self.disk = disk
  }

  var sightings: [VisibilityProof.Sighting] { seen.withLock { $0 } }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  func run(on scheduler: SimulatedScheduler) {
    while !isStopped.load(ordering: .relaxed) {
      if let value = try? store.get(key), let number = Int(value.text) {
        let sighting = VisibilityProof.Sighting(number: number, calls: disk.callCount)
        seen.withLock { $0.append(sighting) }
      }
      if !scheduler.yield() { return }
    }
  }
}
