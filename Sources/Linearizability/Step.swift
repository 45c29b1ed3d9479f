/// What a register may hold: a number for one value in one register. The first numbers, as many as
/// there are registers, mean that a register is absent.
typealias Content = Int

/// A register, and what it is found to hold or is to hold.
struct Cell: Hashable {
  let register: Int
  let content: Content
}

/// An operation in numbers, for the search.
struct Step {
  /// Its place among the operations.
  let operation: Int
  let reads: [Cell]
  let writes: [Cell]
  let invocation: Int
  let response: Int?

  var isAnswered: Bool { response != nil }
  var isRead: Bool { writes.isEmpty }
}

/// All that happened to one object, in numbers.
struct Run {
  var steps: [Step]
  let registers: Int
  /// How many contents there are in all registers together.
  let contents: Int
}

extension Run {
  /// The numbers of `operations`, in their order.
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

/// Gives numbers to keys and to their values.
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
