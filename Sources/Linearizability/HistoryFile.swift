package import Foundation

/// A history as text, for keeping one that fails and checking it again: one JSON object per line.
extension History where Value: Codable {
  /// The text, with a line for each operation.
  package func lines() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try operations.reduce(into: Data()) { text, operation in
      text += try encoder.encode(operation) + Data("\n".utf8)
    }
  }

  /// The history in a text that `lines()` wrote. Throws for a line that is not an operation.
  package init(lines: Data) throws(MalformedHistory) {
    let decoder = JSONDecoder()
    self.init()
    for (index, line) in lines.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let operation = try? decoder.decode(Operation<Value>.self, from: line),
        operation.invocation <= operation.response ?? .max
      else { throw MalformedHistory(line: index + 1) }
      operations.append(operation)
    }
  }
}

/// A line of a kept history that is not an operation, or one answered before its invocation.
package struct MalformedHistory: Error, Equatable, CustomStringConvertible {
  /// Counted from 1.
  package let line: Int

  package var description: String { "line \(line) is not an operation of a history" }
}
