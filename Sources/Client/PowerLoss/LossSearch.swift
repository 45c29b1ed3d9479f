import CrashModel
import Foundation
import PowerLoss
import Scenarios

/// Tries states of a recorded directory until one of them has lost something.
struct LossSearch: Sendable {
  let plan: PowerLossPlan
  let recording: DiskRecording
  let history: WriteHistory
  let trial: StateTrial

  /// What was tried so far.
  private(set) var figures = PowerLossFigures()
  /// What was seen on each state, by its fingerprint.
  private var observations: [Int: Observation] = [:]

  /// All keys are asked for if there are no more than this; otherwise half as many that were written
  /// last, and half as many others.
  private static let mostKeys = 160
  /// A state that was seen before is asked again if it was not asked for these: the keys written last.
  private static let certainKeys = 8

  init(plan: PowerLossPlan, life: RecordedLife, trial: StateTrial) {
    self.plan = plan
    recording = life.recording
    history = life.history
    self.trial = trial
  }

  /// The first loss that is found, or nil. `progress` is called with how many states were tried.
  mutating func run(progress: (Int) -> Void) async throws -> Loss? {
    for pass in Pass.all {
      if let loss = try await run(pass, progress) { return loss }
    }
    return nil
  }

  private mutating func run(_ pass: Pass, _ progress: (Int) -> Void) async throws -> Loss? {
    let wanted = pass.wanted(recording.happenings)
    var cursor = recording.cursor()
    var batch: [Candidate] = []
    while let moment = cursor.next(), figures.tried < plan.states {
      guard wanted[moment] else { continue }
      for choice in pass.choices(at: moment, seed: plan.seed) {
        if let loss = consider(choice, cursor.disk, &batch) { return loss }
      }
      guard batch.count >= Self.batchLength else { continue }
      if let loss = try await tryAll(batch) { return loss }
      batch = []
      progress(figures.tried)
    }
    return try await tryAll(batch)
  }

  private static let batchLength = 4 * lanes
  private static let lanes = ProcessInfo.processInfo.activeProcessorCount + 1

  /// Checks a state whose answers are known, or notes that it has to be tried.
  private mutating func consider(
    _ choice: StateChoice, _ disk: RecordedDisk, _ batch: inout [Candidate]
  ) -> Loss? {
    let image = choice.image(of: disk)
    let fingerprint = image.fingerprint
    figures.states += 1
    let time = recording.happenings[choice.moment].time
    if let known = observations[fingerprint],
      known.covers(history.keys(at: time, atMost: Self.certainKeys))
    {
      return known.problem(history, at: choice.moment, time: time).map { Loss(choice, $0) }
    }
    if let index = batch.firstIndex(where: { $0.fingerprint == fingerprint }) {
      batch[index].choices.append(choice)
    } else {
      batch.append(Candidate(fingerprint: fingerprint, image: image, choices: [choice]))
    }
    return nil
  }

  private mutating func tryAll(_ batch: [Candidate]) async throws -> Loss? {
    let observed = try await observe(batch)
    figures.tried += batch.count
    var losses: [Loss] = []
    for (candidate, observation) in zip(batch, observed) {
      observations[candidate.fingerprint] = observation
      for choice in candidate.choices {
        let time = recording.happenings[choice.moment].time
        guard let problem = observation.problem(history, at: choice.moment, time: time) else {
          continue
        }
        losses.append(Loss(choice, problem))
      }
    }
    return losses.min { $0.choice.moment < $1.choice.moment }
  }

  private func observe(_ batch: [Candidate]) async throws -> [Observation] {
    try await withThrowingTaskGroup(of: [(Int, Observation)].self) { group in
      for lane in 0..<Self.lanes {
        group.addTask {
          var observed: [(Int, Observation)] = []
          for index in stride(from: lane, to: batch.count, by: Self.lanes) {
            try Task.checkCancellation()
            let moment = batch[index].choices.last?.moment ?? 0
            observed.append(
              (index, try await observe(batch[index].image, at: moment)))
          }
          return observed
        }
      }
      let all = try await group.reduce(into: []) { $0 += $1 }
      return all.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// What a server on `image` says at a moment.
  func observe(_ image: DiskImage, at moment: Int) async throws -> Observation {
    try await trial.observe(DirectoryContents(image), asking: keys(at: moment))
  }

  private func keys(at moment: Int) -> [Key] {
    let keys = history.keys(at: .max)
    guard keys.count > Self.mostKeys else { return keys }
    let time = recording.happenings[moment].time
    let recent = history.keys(at: time, atMost: Self.mostKeys / 2)
    var random = SplitMix64(seed: plan.seed ^ UInt64(moment))
    return Array(recent)
      + keys.shuffled(using: &random).prefix(Self.mostKeys / 2).filter {
        !recent.contains($0)
      }
  }
}

/// A state that has to be tried, and all the ways that lead to it.
private struct Candidate: Sendable {
  let fingerprint: Int
  let image: DiskImage
  var choices: [StateChoice]
}

/// A state that has lost something.
struct Loss: Sendable {
  let choice: StateChoice
  let problem: Problem

  init(_ choice: StateChoice, _ problem: Problem) {
    self.choice = choice
    self.problem = problem
  }
}

/// How much was tried.
package struct PowerLossFigures: Sendable {
  /// States that were looked at, and those of them that no other was equal to.
  package var states = 0
  package var tried = 0
}
