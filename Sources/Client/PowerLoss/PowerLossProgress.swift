/// A line on a terminal that shows how far a trial has come.
struct PowerLossProgress {
  private let plan: PowerLossPlan
  private var bar: ProgressBar
  private var isRecording = true

  /// nil where no person is looking.
  init?(_ plan: PowerLossPlan) {
    guard let bar = ProgressBar(total: plan.rounds, showsRate: false) else { return nil }
    self.plan = plan
    self.bar = bar
  }

  mutating func show(_ progress: PowerLossTrial.Progress) {
    switch progress {
    case .recorded(let rounds): bar.show(rounds)
    case .tried(let states):
      if isRecording, let next = ProgressBar(total: plan.states) {
        (bar, isRecording) = (next, false)
      }
      bar.show(states)
    }
  }

  func clear() { bar.clear() }
}
