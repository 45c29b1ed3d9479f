/// A number that an engine keeps about itself.
public struct Statistic: Equatable, Sendable {
  public enum Kind: String, Sendable {
    /// Only ever grows while the engine is open: how often something happened.
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
