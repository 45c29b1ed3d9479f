/// The tests of a source file: `LogReplayTests/cut`.
struct TestFile {
  let name: String
  let tests: [String]

  init(_ name: String, _ source: [UInt8]) {
    self.name = name
    tests = BodyFinder(source).bodies.filter(\.isTest).map { body in
      String(body.name.prefix { $0 != "(" }.map { $0 == "." ? "/" : $0 })
    }
  }

  /// `LogReplay.swift` for `LogReplayTests.swift`.
  var testedFile: String {
    name.hasSuffix("Tests.swift") ? name.dropLast("Tests.swift".count) + ".swift" : name
  }
}
