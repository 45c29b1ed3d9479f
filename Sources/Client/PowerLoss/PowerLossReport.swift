import PowerLoss

/// What a trial found, as text for a person.
package struct PowerLossReport: Sendable {
  /// How it ended.
  enum End: Sendable {
    case complete
    case loss(Diagnosis)
    case failure(PowerLossFailure)
    /// The recording cannot be used, or a file not be written.
    case obstacle(String)
    case interruption

    init(_ error: any Error) {
      switch error {
      case let failure as PowerLossFailure: self = .failure(failure)
      case let fault as TraceFault: self = .obstacle("\(fault)")
      case let fault as RecordingFault: self = .obstacle("\(fault)")
      default: self = .obstacle(FileFailure(error).reason)
      }
    }
  }

  private let plan: PowerLossPlan
  var end = End.complete
  var figures = PowerLossFigures()
  var elapsed = Duration.zero
  /// Whether the server has neither flushed nor compacted, as far as one can see.
  private(set) var isMonotonous = false
  private var remarks: [String] = []
  private var counts: [(String, Int)] = []

  init(plan: PowerLossPlan) {
    self.plan = plan
  }

  /// Notes what was recorded.
  mutating func add(_ life: RecordedLife) {
    let happenings = life.recording.happenings
    remarks = life.recording.disk.remarks
    counts = [
      ("starts", life.recording.starts.count),
      ("writes sent", life.history.writes.count),
      ("of them acknowledged", life.history.writes.count { $0.isAcknowledged }),
      ("calls that wrote", happenings.count { !$0.isAnswer && $0.kind != .sync }),
      ("syncs", happenings.count { $0.kind == .sync }),
      ("syncs that failed", happenings.count { $0.kind == .failedSync }),
    ]
    isMonotonous = life.isMonotonous
    if isMonotonous {
      remarks.append(
        "no file was renamed or removed: if the server flushes or compacts, it needs more --writes")
    }
  }
}

extension PowerLossReport {
  /// The exit status that says the same.
  package var status: ExitStatus {
    switch end {
    case .complete: .success
    case .loss: .wrongAnswer
    case .failure(.noRecorder), .obstacle: .unreachable
    case .failure: .wrongAnswer
    case .interruption: .interrupted
    }
  }

  /// The verdict first, then the figures.
  package var text: String {
    if case .failure(.noRecorder(let reason)) = end { return "powerloss cannot run: \(reason)\n" }
    var table = Table(header: ["", "count"])
    let found = [
      ("states", figures.states), ("different ones, tried", figures.tried),
      ("of them written on and restarted", figures.writtenOn),
    ]
    table.rows = (counts + found).map { [$0, "\($1)"] }
    let parts = [verdict, "", "seed \(plan.seed), \(times)", "", table.text]
    return (parts + remarks.map { "note: \($0)" }).joined(separator: "\n") + "\n"
  }

  /// How long it took, and how many states a second.
  private var times: String {
    let seconds = Decimal3.text(thousandths: UInt64(max(0, elapsed / .milliseconds(1))))
    if figures.tried == 0 { return "\(seconds) s" }
    let rate = Double(figures.tried) / max(figures.time / .seconds(1), 0.001)
    return "\(seconds) s (states: \(Int(rate.rounded())) a second)"
  }

  private var verdict: String {
    switch end {
    case .complete: "No loss of power that was tried loses an acknowledged write."
    case .loss(let diagnosis): Self.verdict(diagnosis)
    case .failure(let failure): "\(failure)"
    case .obstacle(let reason): "The server cannot be judged: \(reason)"
    case .interruption: "Interrupted. Until then nothing was lost."
    }
  }

  private static func verdict(_ diagnosis: Diagnosis) -> String {
    let (cause, section) = diagnosis.explanation
    return """
      A loss of power loses what was acknowledged, or the server does not start after it.

      moment    \(diagnosis.moment)
      state     \(diagnosis.stateLines.joined(separator: "\n          "))
      \(diagnosis.loss.problem)
      cause     \(cause)
      read      \(section)

      what the server did:
      \(diagnosis.timeline.joined(separator: "\n"))
      """
  }
}

extension RecordedLife {
  /// Whether nothing but one file was ever written: the interesting calls did not come.
  fileprivate var isMonotonous: Bool {
    !recording.happenings.isEmpty
      && !recording.happenings.contains {
        switch $0.kind {
        case .remove, .rename: true
        default: false
        }
      }
  }
}
