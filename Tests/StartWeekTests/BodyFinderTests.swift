import Testing

@testable import StartWeek

struct BodyFinderTests {
  private func names(_ source: String) -> [String] {
    BodyFinder(Array(source.utf8)).bodies.map(\.name)
  }

  @Test("functions, initialisers, accessors, operators and types in types are found by their names")
  func kinds() {
    let source = """
      import struct Foundation.Data
      public struct Log<Row: Sendable>: ~Copyable where Row: Equatable {
        private let made = { (n: Int) in n }(1), other = Log.init(of: 1)
        var count: Int { 1 }
        var pair: (a: Int, b: Int) {
          get throws(Failure) { (1, 2) }
          set(new) { print(new) }
        }
        init?(of rows: [Row: Int], _ n: Int = [1].map { $0 }[0]) throws(Failure) { nil }
        class func make<Other>(_ body: (Int, Int) -> Void, last: Map<Int, Other>) { body(1, 2) }
        subscript(key: Int, default value: Int) -> Int { get(key) }
        enum Kind: Error { case a; static func < (x: Kind, y: Kind) -> Bool { true } }
        deinit { print() }
      }
      protocol Cursor { mutating func next() -> Int?; var count: Int { get } }
      extension Log.Kind: Cursor { mutating func next() -> Int? { func inner() {}; return nil } }
      """
    #expect(
      names(source) == [
        "Log.count", "Log.pair.get", "Log.pair.set", "Log.init(of:_:)", "Log.make(_:last:)",
        "Log.subscript(key:default:)", "Log.Kind.<(x:y:)", "Log.deinit", "Log.Kind.next()",
      ])
  }

  @Test(
    "braces in strings and comments are none",
    arguments: [
      #"let s = "{" ; func f() { g("}") }"#,
      ##"let s = #"{"a":"\"}"# ; func f() { g(#"\#("}")"#) }"##,
      "let s = \"\"\"\n  \"{\" \\( h { \"}{\" } )\n  \"\"\"\nfunc f() { g() }",
      "/* { /* { */ func h() {} */ func f() { // }\n g() /* } */ }",
      "let s = \"\\(a(b(\"{\")))\\\"{\"\nfunc f() { g() }",
    ])
  func braces(source: String) {
    #expect(names(source) == ["f()"])
  }

  @Test("tests are known by their attribute, whatever its arguments")
  func tests() {
    let source = """
      @Suite("A log") struct LogTests {
        func helper() {}
        @Test("one", arguments: [1, 2]) func one(number: Int) {}
        @Test func two() {}
        func other() {}
      }
      """
    let file = TestFile("LogTests.swift", Array(source.utf8))
    #expect(file.tests == ["LogTests/one", "LogTests/two"])
    #expect(file.testedFile == "Log.swift")
  }
}
