public import CrashModel
import Synchronization

/// A disk in memory, under a simulated system, on which an engine can be opened.
///
/// It distinguishes what was written from what was synced, so that a crash (`DiskImage.crashed`)
/// can lose the difference. It can fail any call, and remember the disk before each.
public final class SimulatedDisk: Sendable {
  /// A call that was made, and the disk right before it.
  public struct RecordedCall: Sendable {
    public let call: SimulatedCall
    public let imageBefore: DiskImage
  }

  let state: Mutex<SimulatedSystem>
  let records: Bool

  /// A disk that holds `image`, as found when a system starts. With `records` it keeps an image of
  /// every moment, for a crash there.
  public init(
    _ image: DiskImage = DiskImage(), faults: FaultPlan = FaultPlan(), records: Bool = false
  ) {
    state = Mutex(SimulatedSystem(image, faults))
    self.records = records
  }

  public var image: DiskImage { state.withLock { $0.image } }
  public var callCount: Int { state.withLock { $0.callCount } }
  public var recorded: [RecordedCall] { state.withLock { $0.recorded } }
  /// The number of descriptors that were opened and not closed.
  public var openDescriptors: Int { state.withLock { $0.openFiles.count } }
  /// The first call hit by a planned fault, if any.
  public var firstFailedCall: SimulatedCall? { state.withLock { $0.firstFailedCall } }

  /// Ends the planned faults: there is space again, and the disk is sound.
  public func mend() {
    state.withLock { $0.plan = FaultPlan() }
  }

  /// Changes the bytes of a file under the engine that has it open.
  public func decay(_ path: String, to bytes: [UInt8]) {
    state.withLock { $0.image.put(bytes, at: path) }
  }

  /// Changes the disk as another program does: after the given number of further calls of the
  /// engine, right before the next.
  public func tamper(
    afterCalls count: Int, _ change: @escaping @Sendable (inout DiskImage) -> Void
  ) {
    state.withLock { $0.tampering = (call: $0.callCount + count, change) }
  }

  /// Whether a `tamper` has not reached its call yet.
  public var willBeTamperedWith: Bool { state.withLock { $0.tampering != nil } }
}
