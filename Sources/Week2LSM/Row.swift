public import Basics
public import Week1Memory

/// What a row stores besides its key, as one member of a JSON object.
public protocol RowPayload: Storable, Equatable {
  /// Appends the member: `"value":"5"`.
  func append(to json: inout [UInt8])
  /// Reads a member. Throws if it is not one that `append` writes.
  init(reading json: inout JSONReader) throws(MalformedText)
}

/// A key and what is stored under it: one line of a table, `{"key":"apple","value":"5"}`.
public struct Row<Payload: RowPayload>: Equatable, Sendable {
  public let key: Key
  public let payload: Payload

  @inlinable
  public init(_ key: Key, _ payload: Payload) {
    self.key = key
    self.payload = payload
  }
}

extension Row {
  /// Appends the object alone: no comma, no newline.
  @inlinable
  public func append(to json: inout [UInt8]) {
    RowText.appendStart(of: key, to: &json)
    payload.append(to: &json)
    json.append(UInt8(ascii: "}"))
  }

  /// Reads a row from a line that holds it and nothing else.
  public init(line: ArraySlice<UInt8>) throws(MalformedText) {
    var json = JSONReader(line)
    try self.init(reading: &json)
    if !json.isAtEnd { throw MalformedText(at: json.offset, "the row goes on after its end") }
  }

  /// Reads a row. What follows it is left to the caller.
  public init(reading json: inout JSONReader) throws(MalformedText) {
    try json.expect(RowText.beforeKey)
    let bytes = try json.string()
    do { key = try Key(Bytes(bytes)) } catch {
      throw MalformedText(at: json.offset, error.description)
    }
    try json.expect(",")
    payload = try Payload(reading: &json)
    try json.expect("}")
  }
}

/// The start of a row, whatever it stores.
@usableFromInline
enum RowText {
  static let beforeKey = "{\"key\":"

  /// Appends the bytes that every row of `key` begins with, and no row of another key.
  @usableFromInline
  static func appendStart(of key: Key, to json: inout [UInt8]) {
    json += beforeKey.utf8
    JSONText.append(key.bytes, to: &json)
    json.append(UInt8(ascii: ","))
  }
}

extension Value: RowPayload {
  private static let name = "\"value\":"

  public func append(to json: inout [UInt8]) {
    json += Self.name.utf8
    JSONText.append(bytes, to: &json)
  }

  public init(reading json: inout JSONReader) throws(MalformedText) {
    try json.expect(Self.name)
    let bytes = try json.string()
    do { self = try Value(Bytes(bytes)) } catch {
      throw MalformedText(at: json.offset, error.description)
    }
  }
}

extension Memtable where Payload: RowPayload {
  /// All entries as rows, sorted by key. O(n log n).
  @inlinable public var rows: [Row<Payload>] {
    entries.map { Row($0.key, $0.value) }.sorted { $0.key < $1.key }
  }
}
