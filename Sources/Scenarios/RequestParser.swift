/// Parses one line of a scenario. A line consists of words separated by spaces:
///
///     line     = [ "PUT" key [ value ]
///                | "GET" key [ "NOT_FOUND" | value ]
///                | "GET" key ( states | "[" states "]" )
///                | "DELETE" key
///                | "SCAN" key key [ keys ]
///                | "BARRIER"
///                | "#" anything ]
///     states   = 1*( value | "NOT_FOUND" )     any one of them is right
///     key      = [ "/" ] a key                 one leading slash is dropped
///     value    = a word that is not NOT_FOUND
///     keys     = a word: the answer to the byte, keys joined by commas
///
/// - There is no quoting: a word stands for its own bytes, and a value with a space or a control
///   byte cannot be written.
/// - A missing value is the empty one: `PUT k` stores it, `GET k` expects it. It has no word, so it
///   cannot be one of several.
/// - A `[` after the key of a GET always opens a list: to expect the value `[1]`, write `[[1]]`.
package enum RequestParser {
  /// The meaning of a line.
  package enum Parsed: Equatable {
    case nothing
    case barrier
    case request(Request)
  }

  /// "There is no such key", in the place of a value.
  static let absentWord = "NOT_FOUND"

  /// Parses a line without its line end. Throws what is wrong with it.
  package static func parse(_ line: some Collection<UInt8>) throws(MalformedLine) -> Parsed {
    let line = line.drop { $0 == UInt8(ascii: " ") }
    if line.first == UInt8(ascii: "#") { return .nothing }
    for byte in line where !(0x20...0x7E).contains(byte) { throw .notPrintable(byte) }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard let verb = words.first else { return .nothing }
    return try parse(verb, words.dropFirst())
  }

  private static func parse(
    _ verb: Substring, _ words: ArraySlice<Substring>
  ) throws(MalformedLine) -> Parsed {
    switch verb {
    case "PUT": return .request(try put(words))
    case "GET": return .request(try get(words))
    case "DELETE": return .request(try delete(words))
    case "SCAN": return .request(try scan(words))
    case "BARRIER":
      guard words.isEmpty else { throw .words(after: "BARRIER", "nothing") }
      return .barrier
    default: throw .unknown(verb: String(verb))
    }
  }

  private static func put(_ words: ArraySlice<Substring>) throws(MalformedLine) -> Request {
    guard (1...2).contains(words.count) else {
      throw .words(after: "PUT", "a key and a value without spaces")
    }
    let value = words.dropFirst().first ?? ""
    if value == absentWord { throw .absentIsNoValue }
    return .put(try key(words.first), value: String(value))
  }

  private static func get(_ words: ArraySlice<Substring>) throws(MalformedLine) -> Request {
    let key = try key(words.first)
    let states = try list(words.dropFirst()).map { (word: Substring) -> State in
      word == absentWord ? .absent : .value(String(word))
    }
    return .get(key, Expectation(states.isEmpty ? [.value("")] : states))
  }

  private static func delete(_ words: ArraySlice<Substring>) throws(MalformedLine) -> Request {
    guard words.count == 1 else { throw .words(after: "DELETE", "a key") }
    return .delete(try key(words.first))
  }

  private static func scan(_ words: ArraySlice<Substring>) throws(MalformedLine) -> Request {
    guard (2...3).contains(words.count) else {
      throw .words(after: "SCAN", "two keys, and the keys between them joined by commas")
    }
    let keys = words.dropFirst(2).first ?? ""
    guard keys.utf8.allSatisfy(Key.allows) else { throw .scannedKeys }
    return .scan(
      from: try key(words.first), to: try key(words.dropFirst().first), keys: String(keys))
  }

  private static func key(_ word: Substring?) throws(MalformedLine) -> Key {
    guard let word else { throw .noKey }
    do {
      return try Key(word.hasPrefix("/") ? word.dropFirst() : word)
    } catch {
      throw .key(error)
    }
  }

  /// The words of a list, without its brackets if it has them.
  private static func list(
    _ words: ArraySlice<Substring>
  ) throws(MalformedLine) -> [Substring] {
    guard let first = words.first, first.hasPrefix("[") else { return Array(words) }
    guard words.last?.hasSuffix("]") == true else { throw .openList }
    let inside = words.joined(separator: " ").dropFirst().dropLast()
    let states = inside.split(separator: " ")
    if states.isEmpty { throw .emptyList }
    return states
  }
}
