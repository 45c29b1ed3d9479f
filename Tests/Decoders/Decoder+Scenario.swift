import Scenarios

extension Decoder {
  public static let scenario = Decoder("scenario", samples: scenarios) { bytes in
    do throws(ScenarioError) {
      return fault(of: try ScenarioParser.parse(bytes, file: "a file"), from: bytes)
    } catch {
      return fault(of: error, from: bytes)
    }
  }

  /// Every request must be on a line of its own, and a file written from all of them must be read
  /// back as the same.
  private static func fault(of scenario: Scenario, from bytes: [UInt8]) -> String? {
    if scenario.batches.contains(where: \.isEmpty) { return "an empty batch" }
    let lines = Array(scenario.batches.joined())
    let numbers = lines.map(\.number)
    if numbers.first ?? 0 < 1 || numbers.last ?? 0 > lineCount(bytes)
      || zip(numbers, numbers.dropFirst()).contains(where: >=)
    {
      return "the lines of the requests are \(numbers)"
    }
    let batches = scenario.batches.map { $0.map { "\($0.request)\n" }.joined() }
    let text = (scenario.isConcurrent ? "BARRIER\n" : "") + batches.joined(separator: "BARRIER\n")
    guard let again = try? ScenarioParser.parse(Array(text.utf8), file: "another"),
      again.isConcurrent == scenario.isConcurrent,
      again.batches.map({ $0.map(\.request) }) == scenario.batches.map({ $0.map(\.request) })
    else { return "written again it is read differently: \(text)" }
    return nil
  }

  private static func fault(of error: ScenarioError, from bytes: [UInt8]) -> String? {
    switch error {
    case .unreadable: return "\(error)"
    case .noRequest: return nil
    case .malformed(_, let line, _, let reason):
      if !(1...lineCount(bytes)).contains(line) { return "line \(line) is none of the file" }
      // A person reads it, on a terminal.
      let isShown = "\(error)".utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == newline }
      return isShown && reason.utf8.count < 1_500 && "\(error)".utf8.count < 3_000
        ? nil : "an error that cannot be shown: \(error)"
    }
  }

  private static func lineCount(_ bytes: [UInt8]) -> Int { bytes.count { $0 == newline } + 1 }

  private static let scenarios: [[UInt8]] = [
    "PUT /a 1\nGET a [1 2]\nGET b NOT_FOUND\nBARRIER\nSCAN a b a,b\r\nDELETE a\n# c\n",
    "GET a [[1] ]]\nPUT //k\nSCAN a b\nGET a 1 NOT_FOUND 2",
  ].map { Array($0.utf8) }
}
