import CrashModel
import TestSupport
import Week1Memory

/// An undisturbed use of an engine, with the disk as it was before each of its calls: every moment
/// at which it could have crashed.
struct Recording {
  struct Moment {
    /// The call that a crash at this moment precedes.
    let call: String
    let image: DiskImage
    let bounds: History.Bounds
  }

  private(set) var moments: [Moment]
  let history: History
  /// What went wrong without any crash, which a proof reports too.
  let error: StorageError?

  /// Opens an engine on `image`, performs `steps`, and records everything. If `image` holds
  /// something, `contents` says what.
  init(
    _ week: ProvenWeek, _ thresholds: Thresholds, on image: DiskImage = DiskImage(),
    holding contents: Contents = [:], _ steps: [Step]
  ) {
    let disk = SimulatedDisk(image, records: true)
    var session = Session(
      week, thresholds, calls: disk.calls, history: History(from: contents))
    var boundsOfCalls: [History.Bounds] = []
    do throws(StorageError) {
      try session.open()
      for step in steps { try Self.perform(step, &session, disk, &boundsOfCalls) }
      error = nil
    } catch let failure {
      error = failure
    }
    history = session.history
    boundsOfCalls.fill(to: disk.callCount, history.bounds)
    moments = zip(disk.recorded, boundsOfCalls).map { recorded, bounds in
      Moment(call: recorded.call.description, image: recorded.imageBefore, bounds: bounds)
    }
    moments.append(Moment(call: "the end", image: disk.image, bounds: history.bounds))
  }

  /// Notes what may be there at each call of a step: while a write is in progress, that write too.
  private static func perform(
    _ step: Step, _ session: inout Session, _ disk: SimulatedDisk,
    _ boundsOfCalls: inout [History.Bounds]
  ) throws(StorageError) {
    var bounds = session.history.bounds
    boundsOfCalls.fill(to: disk.callCount, bounds)
    if step.isWrite { bounds.accepted += 1 }
    try session.perform(step)
    boundsOfCalls.fill(to: disk.callCount, bounds)
  }
}

extension Array {
  fileprivate mutating func fill(to count: Int, _ element: Element) {
    while self.count < count { append(element) }
  }
}
