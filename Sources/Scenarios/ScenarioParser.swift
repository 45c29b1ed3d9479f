/// Reads a whole scenario file before anything is sent. `RequestParser` has the grammar of a line;
/// lines end in LF or CR LF, which the last one may lack.
package struct ScenarioParser {
  private let file: String
  private var batches: [[Scenario.Line]] = [[]]

  private init(file: String) {
    self.file = file
  }

  /// Parses `bytes`; errors refer to them as `file`. Throws at the first malformed line, and if no
  /// line is a request.
  package static func parse(
    _ bytes: some Collection<UInt8>, file: String
  ) throws(ScenarioError) -> Scenario {
    var parser = ScenarioParser(file: file)
    let lines = Array(bytes).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      try parser.add(line, number: index + 1)
    }
    let batches = parser.batches.filter { !$0.isEmpty }
    if batches.isEmpty { throw .noRequest(file: file) }
    return Scenario(batches: batches, isConcurrent: parser.batches.count > 1)
  }

  private mutating func add(
    _ line: ArraySlice<UInt8>, number: Int
  ) throws(ScenarioError) {
    let endsInReturn = line.last == UInt8(ascii: "\r")
    let line = line.dropLast(endsInReturn ? 1 : 0)
    do {
      switch try RequestParser.parse(line) {
      case .nothing: break
      case .barrier: batches.append([])
      case .request(let request):
        let text = String(decoding: line, as: UTF8.self)
        batches[batches.count - 1].append(
          Scenario.Line(number: number, text: text, request: request))
      }
    } catch {
      throw .malformed(
        file: file, line: number, text: Excerpt.line(line), reason: error.description)
    }
  }
}
