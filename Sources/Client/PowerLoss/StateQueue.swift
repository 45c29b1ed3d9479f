import PowerLoss

/// All states that may be tried, in their order: pass by pass, and within a pass moment by moment.
struct StateQueue: Sendable {
  private let recording: DiskRecording
  private let seed: UInt64
  private var passes = Pass.all[...]
  private var wanted: [Bool]
  private var cursor: DiskRecording.Cursor
  private var choices: ArraySlice<StateChoice> = []

  init(of recording: DiskRecording, seed: UInt64) {
    self.recording = recording
    self.seed = seed
    wanted = Pass.all[0].wanted(recording.happenings)
    cursor = recording.cursor()
  }

  /// The next state, and the disk that it comes from; nil at the end.
  mutating func next() -> (StateChoice, RecordedDisk)? {
    while choices.isEmpty {
      guard let pass = passes.first else { return nil }
      if let moment = cursor.next() {
        if wanted[moment] { choices = pass.choices(at: moment, seed: seed)[...] }
      } else {
        nextPass()
      }
    }
    return (choices.removeFirst(), cursor.disk)
  }

  private mutating func nextPass() {
    passes.removeFirst()
    wanted = passes.first?.wanted(recording.happenings) ?? []
    cursor = recording.cursor()
  }
}
