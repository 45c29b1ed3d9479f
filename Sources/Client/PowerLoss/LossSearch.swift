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
  /// The states that are being tried, by their fingerprint.
  private var pending: [Int: Candidate] = [:]
  /// Whether one key is asked for after the other: since something was wrong when all were at once.
  private var isCareful = false
  private var losses: [Loss] = []
  private let keys: [Key]
  private let beginning = ContinuousClock.now

  /// All keys are asked for if there are no more than this; otherwise half as many that were written
  /// last, and half as many others.
  private static let mostKeys = 160
  /// A state that was seen before is asked again if it was not asked for these: the keys written last.
  private static let certainKeys = 8
  /// Of so many states, one is written on, and started again.
  private static let shareOfWriting = 4
  /// Most of a trial is waiting.
  private static let lanes = ProcessInfo.processInfo.activeProcessorCount + 1

  init(plan: PowerLossPlan, life: RecordedLife, trial: StateTrial) {
    self.plan = plan
    recording = life.recording
    history = life.history
    self.trial = trial
    keys = life.history.keys(at: .max)
  }

  /// The first loss of those that the order of the states has, or nil. `progress` is called with how
  /// many states were tried.
  mutating func run(progress: (Int) -> Void) async throws -> Loss? {
    defer { figures.time = ContinuousClock.now - beginning }
    var queue = StateQueue(of: recording, seed: plan.seed)
    return try await withThrowingTaskGroup(of: (Int, Observation).self) { group in
      while true {
        while pending.count < Self.lanes, let candidate = try nextCandidate(&queue) {
          start(candidate, in: &group)
        }
        guard let (fingerprint, observation) = try await group.next() else { break }
        if let again = note(observation, of: fingerprint) { start(again, in: &group) }
        progress(figures.tried)
      }
      return losses.min { $0.number < $1.number }
    }
  }

  /// The next state that has to be tried; nil if none is left, or the time is over.
  private mutating func nextCandidate(_ queue: inout StateQueue) throws -> Candidate? {
    while losses.isEmpty, figures.tried < plan.states, let (choice, disk) = queue.next() {
      try Task.checkCancellation()
      if isTimeOver {
        figures.isCutShort = true
        return nil
      }
      figures.states += 1
      let sighting = Sighting(number: figures.states, choice: choice)
      if let candidate = unknown(choice.image(of: disk), sighting) { return candidate }
    }
    return nil
  }

  /// Whether the search has run out of time. The limit is longer until the fewest states are tried, so that
  /// a slow machine tries them too.
  private var isTimeOver: Bool {
    guard let patience = plan.patience else { return false }
    let isEnough = figures.tried >= plan.fewestStates
    let limit = isEnough ? patience : plan.mostPatience ?? patience
    return ContinuousClock.now - beginning >= limit
  }

  /// A state that has to be tried; nil if that was done, or is being done.
  private mutating func unknown(_ image: DiskImage, _ sighting: Sighting) -> Candidate? {
    let fingerprint = image.fingerprint
    if pending[fingerprint] != nil {
      pending[fingerprint]?.sightings.append(sighting)
      return nil
    }
    if judge(sighting, by: observations[fingerprint]) { return nil }
    figures.tried += 1
    let writesOn = figures.tried % Self.shareOfWriting == 0
    if writesOn { figures.writtenOn += 1 }
    return Candidate(
      fingerprint: fingerprint, image: image, writesOn: writesOn, sightings: [sighting])
  }

  /// Returns false where the observation does not tell, so that the state has to be tried again.
  private mutating func judge(_ sighting: Sighting, by observation: Observation?) -> Bool {
    let moment = sighting.choice.moment
    let time = recording.happenings[moment].time
    guard let observation,
      observation.covers(history.keys(at: time, atMost: Self.certainKeys))
    else { return false }
    guard let problem = observation.problem(history, at: moment, time: time) else { return true }
    if observation.isCareful {
      losses.append(Loss(sighting.choice, problem, number: sighting.number))
    }
    isCareful = true
    return observation.isCareful
  }

  private mutating func start(
    _ candidate: Candidate, in group: inout ThrowingTaskGroup<(Int, Observation), any Error>
  ) {
    pending[candidate.fingerprint] = candidate
    let moment = candidate.sightings[0].choice.moment
    let questions = questions(at: moment, writingOn: candidate.writesOn, carefully: isCareful)
    group.addTask { [trial] in
      let contents = DirectoryContents(candidate.image)
      return (candidate.fingerprint, try await trial.observe(contents, questions))
    }
  }

  /// Returns the state if it has to be tried again.
  private mutating func note(_ observation: Observation, of fingerprint: Int) -> Candidate? {
    observations[fingerprint] = observation
    if case .answered(let answers) = observation.first, answers.isHesitant { isCareful = true }
    guard var candidate = pending.removeValue(forKey: fingerprint) else { return nil }
    candidate.sightings.removeAll { judge($0, by: observation) }
    return candidate.sightings.isEmpty ? nil : candidate
  }

  /// What a server on `image` says at a moment.
  func observe(
    _ image: DiskImage, at moment: Int, writingOn: Bool
  ) async throws -> Observation {
    try await trial.observe(
      DirectoryContents(image), questions(at: moment, writingOn: writingOn, carefully: true))
  }

  private func questions(at moment: Int, writingOn: Bool, carefully: Bool) -> Questions {
    let questions = Questions(keys: keys(at: moment), isCareful: carefully)
    return writingOn ? questions.writingOn() : questions
  }

  private func keys(at moment: Int) -> [Key] {
    guard keys.count > Self.mostKeys else { return keys }
    let time = recording.happenings[moment].time
    let recent = history.keys(at: time, atMost: Self.mostKeys / 2)
    var random = SplitMix64(seed: plan.seed ^ UInt64(moment))
    let others = Set(recent)
    return recent
      + keys.shuffled(using: &random).prefix(Self.mostKeys / 2).filter { !others.contains($0) }
  }
}

/// A state that has to be tried, and all the ways that lead to it so far.
private struct Candidate: Sendable {
  let fingerprint: Int
  let image: DiskImage
  let writesOn: Bool
  var sightings: [Sighting]
}

/// A way that leads to a state. They are numbered in their order.
private struct Sighting: Sendable {
  let number: Int
  let choice: StateChoice
}

/// A state that has lost something.
struct Loss: Sendable {
  let choice: StateChoice
  let problem: Problem
  /// How many states were looked at up to this one.
  let number: Int

  init(_ choice: StateChoice, _ problem: Problem, number: Int) {
    self.choice = choice
    self.problem = problem
    self.number = number
  }
}

/// How much was tried.
package struct PowerLossFigures: Sendable {
  /// States that were looked at, and those of them that no other was equal to.
  package var states = 0
  package var tried = 0
  /// Those of the latter on which more was written, and the server killed and started again.
  package var writtenOn = 0
  /// How long that took.
  package var time = Duration.zero
  /// Whether the time was over before the states were.
  package var isCutShort = false
}
