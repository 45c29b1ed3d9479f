import Synchronization

/// A number that an engine reports about itself, at one moment.
public struct Statistic: Equatable, Sendable {
  public enum Kind: String, Sendable {
    /// Only grows while the engine is open: how often something happened.
    case counter
    /// Goes up and down: how much of something there is.
    case gauge
  }

  /// Lowercase words joined by underscores, the unit last: `flushed_bytes`.
  public let name: String
  public let kind: Kind
  public let value: Int

  public static func counter(_ name: String, _ value: Int) -> Statistic {
    Statistic(name: name, kind: .counter, value: value)
  }

  public static func gauge(_ name: String, _ value: Int) -> Statistic {
    Statistic(name: name, kind: .gauge, value: value)
  }
}

/// Counts how often something happened. The thread that does the work owns the counter and raises
/// it; any thread may read it meanwhile.
public final class Counter: Sendable {
  private let name: String
  private let count = Atomic(0)

  public init(_ name: String) {
    self.name = name
  }

  public var value: Int { count.load(ordering: .relaxed) }
  public var statistic: Statistic { .counter(name, value) }

  public func add(_ number: Int = 1) {
    count.wrappingAdd(number, ordering: .relaxed)
  }
}
