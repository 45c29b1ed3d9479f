public import CrashModel
import Synchronization

/// A disk in memory, under a simulated system, that an engine can be opened on.
///
/// It keeps apart what was written and what was synced, so that a crash (`DiskImage.crashed`) can
/// take away what was not. It can fail any call, and remember how the disk looked before each.
public final class SimulatedDisk: Sendable {
  /// A call that was made, and the disk as it was right before it.
  public struct RecordedCall: Sendable {
    public let call: SimulatedCall
    public let imageBefore: DiskImage
  }

  let state: Mutex<SimulatedSystem>
  let records: Bool

  /// A disk that holds `image`, as found at the start of a system. With `records` it keeps an image
  /// of every moment, for a crash there.
  public init(
    _ image: DiskImage = DiskImage(), faults: FaultPlan = FaultPlan(), records: Bool = false
  ) {
    state = Mutex(SimulatedSystem(image, faults))
    self.records = records
  }

  public var image: DiskImage { state.withLock { $0.image } }
  public var callCount: Int { state.withLock { $0.callCount } }
  public var recorded: [RecordedCall] { state.withLock { $0.recorded } }
  /// Descriptors that were opened and not closed.
  public var openDescriptors: Int { state.withLock { $0.openFiles.count } }
  /// The call that a fault of the plan befell first, if one was reached.
  public var firstFailedCall: SimulatedCall? { state.withLock { $0.firstFailedCall } }

  /// Ends the planned faults: there is room again, and the disk is sound.
  public func mend() {
    state.withLock { $0.plan = FaultPlan() }
  }

  /// Changes the bytes of a file under the engine that has it open.
  public func decay(_ path: String, to bytes: [UInt8]) {
    state.withLock { $0.image.put(bytes, at: path) }
  }

  /// Changes what is on the disk as another program does: after so many more calls of the engine that
  /// has it open, right before the next.
  public func tamper(
    afterCalls count: Int, _ change: @escaping @Sendable (inout DiskImage) -> Void
  ) {
    state.withLock { $0.tampering = (call: $0.callCount + count, change) }
  }

  /// Whether a `tamper` has not come to its call yet.
  public var willBeTamperedWith: Bool { state.withLock { $0.tampering != nil } }
}
