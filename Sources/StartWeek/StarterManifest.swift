/// The `Package.swift` of a starter: the head of ours, which says what each module may use, with
/// fewer targets.
struct StarterManifest {
  let text: String
  /// Folders in `Sources` that it needs.
  let sources: [String]
  /// Folders in `Tests` that it needs.
  let tests: [String]

  /// `ours` is our manifest, `folders` are those in `Sources`.
  init(ofModule module: String, from ours: String, folders: [String]) throws(CourseFlaw) {
    guard let list = ours.firstRange(of: "let engine = ["),
      let listEnd = ours[list.upperBound...].firstRange(of: "]\n"),
      let headEnd = ours.firstRange(of: "\nlet argumentParser")
    else { throw CourseFlaw("Package.swift has another form than a starter is made from") }

    let all = Self.quoted(ours[list.upperBound..<listEnd.lowerBound])
    guard let last = all.firstIndex(of: module) else {
      throw CourseFlaw("\(module) is not in the list `engine` of Package.swift")
    }
    // The tests' support needs the module Disk, in week 1 too.
    let modules = all[...last] + (all[...last].contains("Disk") ? [] : ["Disk"])
    let rest = ours[listEnd.lowerBound..<headEnd.lowerBound]
    let needed = Self.needs(of: modules + ["TestSupport"], in: rest)
    let others = folders.filter { needed.contains($0) && !modules.contains($0) }
    sources = modules + others
    tests = ["TestSupport", "\(module)Tests"]

    let packages = ours.split(separator: "\n").filter { line in
      needed.contains { line.contains("/\($0).git\"") }
    }
    text = """
      \(ours[..<list.upperBound])
        \(modules.map { "\"\($0)\"" }.joined(separator: ", ")),
      \(rest)
      let package = Package(
        name: "\(module)",
        platforms: [.macOS(.v15)],
        dependencies: [\(packages.map { "\n\($0)\n  " }.joined())],
        targets: engine.map { module in
          .target(
            name: module, dependencies: before(module) + (outside[module] ?? []),
            swiftSettings: engineSettings)
        } + [
      \(others.map { "    .target(name: \"\($0)\", swiftSettings: settings),\n" }.joined())\
          .target(
            name: "TestSupport",
            dependencies: ["Basics", "Week1Memory", "Disk"] + (testing["TestSupport"] ?? []),
            path: "Tests/TestSupport", swiftSettings: settings),
          .testTarget(
            name: "\(module)Tests",
            dependencies: everyWeek + ["TestSupport"] + (testing["\(module)"] ?? []),
            swiftSettings: settings),
        ]
      )

      """
  }

  /// What the entries of `modules` in `outside` and `testing` name: targets and packages.
  private static func needs(of modules: some Sequence<String>, in text: Substring) -> [String] {
    modules.flatMap { module in
      text.ranges(of: "\"\(module)\": [").flatMap { entry in
        quoted(text[entry.upperBound...].prefix { $0 != "]" })
      }
    }
  }

  private static func quoted(_ text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}
