/// The content of a register: a number for one value in one register. The first numbers, one per
/// register, mean that the register is absent.
typealias Content = Int

/// A register, and the content read from it or written to it.
struct Cell: Hashable {
  let register: Int
  let content: Content
}

/// An operation in numbers, for the search.
struct Step {
  /// Its index among the operations.
  let operation: Int
  let reads: [Cell]
  let writes: [Cell]
  let invocation: Int
  let response: Int?

  var isAnswered: Bool { response != nil }
  var isRead: Bool { writes.isEmpty }
}

/// Everything that happened to one object, in numbers.
struct Run {
  var steps: [Step]
  let registers: Int
  /// The number of different contents in all registers together.
  let contents: Int
}

extension Run {
  /// The steps for `operations`, in their order.
  init<Value>(_ operations: [Operation<Value>]) {
    var numbers = Numbers<Value>(keys: operations.reduce(into: []) { $0.formUnion($1.keys) })
    steps = operations.enumerated().map { index, operation in
      Step(
        operation: index, reads: numbers.cells(operation.response == nil ? [:] : operation.reads),
        writes: numbers.cells(operation.writes), invocation: operation.invocation,
        response: operation.response)
    }
    registers = numbers.registers.count
    contents = numbers.count
  }
}

/// Numbers the keys and their values.
private struct Numbers<Value: Hashable & Sendable> {
  private struct Known: Hashable {
    let register: Int
    let value: Value
  }

  let registers: [String: Int]
  private(set) var count: Int
  private var contents: [Known: Content] = [:]

  init(keys: Set<String>) {
    registers = Dictionary(uniqueKeysWithValues: zip(keys.sorted(), 0...))
    count = keys.count
  }

  mutating func cells(_ values: [String: Value?]) -> [Cell] {
    values.compactMap { key, value in
      guard let register = registers[key] else { return nil }
      return Cell(register: register, content: value.map { content($0, of: register) } ?? register)
    }
  }

  private mutating func content(_ value: Value, of register: Int) -> Content {
    let known = Known(register: register, value: value)
    if let content = contents[known] { return content }
    defer { count += 1 }
    contents[known] = count
    return count
  }
}
