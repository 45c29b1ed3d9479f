public import Week1Memory

/// What memory alone knows of a key.
public enum MemoryLookup: Equatable, Sendable {
  case value(Value)
  /// The key was deleted, or never set.
  case absent
  /// A table has to be read to know.
  case needsDisk
}
