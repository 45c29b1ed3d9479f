#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How a system call fails.
public enum Fault: Hashable, Sendable {
  /// A signal interrupts it (`EINTR`) before it has done anything.
  case interrupt
  /// A read or write moves about half of the bytes it was asked to.
  case shorten
  /// It does nothing, and reports why. A sync leaves everything as unsynced as it was.
  case refuse(Int32)
  /// It does its work, a write or an allocation about half of it, and then fails: the caller cannot
  /// tell.
  case failAfterEffect(Int32)
  /// A sync fails, and the system forgets what it should have written. See
  /// `SimulatedFile.forgetUnsyncedBytes`.
  case forget(Int32)

  /// The faults that can hit a call of this kind.
  public static func all(for kind: SimulatedCall.Kind) -> [Fault] {
    switch kind {
    case .read: [.interrupt, .shorten, .refuse(EIO)]
    case .write: [.interrupt, .shorten, .refuse(EIO), .refuse(ENOSPC), .failAfterEffect(ENOSPC)]
    case .sync, .syncData:
      [.interrupt, .refuse(EIO), .failAfterEffect(EIO), .forget(EIO), .forget(ENOSPC)]
    case .list, .size, .kind, .linkCount, .lock, .unlock: [.interrupt, .refuse(EIO)]
    case .close: [.interrupt, .failAfterEffect(EIO)]
    case .open, .truncate, .allocate, .rename, .remove, .makeDirectory:
      [.interrupt, .refuse(EIO), .refuse(ENOSPC), .failAfterEffect(EIO)]
    }
  }

  /// Whether a caller that retries correctly never notices.
  public var isTransient: Bool { self == .interrupt || self == .shorten }
}

extension Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .interrupt: "EINTR"
    case .shorten: "short transfer"
    case .refuse(let code): Self.name(of: code)
    case .failAfterEffect(let code): "\(Self.name(of: code)) after its effect"
    case .forget(let code): "\(Self.name(of: code)), unsynced bytes forgotten"
    }
  }

  private static func name(of code: Int32) -> String {
    switch code {
    case EIO: "EIO"
    case ENOSPC: "ENOSPC"
    default: "errno \(code)"
    }
  }
}

/// Which calls fail, and how. Calls are numbered from 0.
public struct FaultPlan: Sendable {
  public var faults: [Int: Fault]
  /// From this call on the disk is full: whatever needs space fails with `ENOSPC`.
  public var fullFrom: Int?

  public init(_ faults: [Int: Fault] = [:], fullFrom: Int? = nil) {
    self.faults = faults
    self.fullFrom = fullFrom
  }

  func fault(at number: Int, needsRoom: Bool) -> Fault? {
    if let fault = faults[number] { return fault }
    guard let fullFrom, number >= fullFrom, needsRoom else { return nil }
    return .failAfterEffect(ENOSPC)
  }
}
