public import Week1Memory

/// The result of looking up a key in memory only.
public enum MemoryLookup: Equatable, Sendable {
  case value(Value)
  /// The key was deleted, or never set.
  case absent
  /// Only reading a table can tell.
  case needsDisk
}
