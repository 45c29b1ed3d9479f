public import Basics
public import Week1Memory
public import Week2LSM

/// What is stored under a key: its value, or that it was deleted.
public enum Entry: Equatable, Sendable {
  case value(Value)
  /// The key is absent, whatever older tables hold. A tombstone is kept for as long as one of them
  /// may hold the key.
  case tombstone

  public var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }
}

extension Entry: RowPayload {
  private static let tombstoneMember = #""deleted":true"#

  public var byteCount: Int { value?.byteCount ?? 0 }

  public func append(to json: inout [UInt8]) {
    switch self {
    case .value(let value): value.append(to: &json)
    case .tombstone: json += Self.tombstoneMember.utf8
    }
  }

  public init(reading json: inout JSONReader) throws(MalformedText) {
    self = json.skip(Self.tombstoneMember) ? .tombstone : .value(try Value(reading: &json))
  }
}
