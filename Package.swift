// swift-tools-version: 6.2

import PackageDescription

/// The weeks, in order. Week i may use every week before it, and none after it: this list and
/// `before` are the whole rule.
let weeks = ["Week1Memory", "Week2LSM", "Week3WAL", "Week4Compaction", "Week5Leveling"]
func before(_ week: String) -> [Target.Dependency] {
  weeks.prefix { $0 != week }.map { .byName(name: $0) }
}

/// What a week needs from outside the toolchain.
let outside: [String: [Target.Dependency]] = [
  "Week4Compaction": [.product(name: "HeapModule", package: "swift-collections")]
]

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
/// The engine also marks every unsafe expression as such.
let engineSettings = settings + [.strictMemorySafety()]

let package = Package(
  name: "Strata",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0")
  ],
  targets: weeks.map { week in
    .target(
      name: week, dependencies: before(week) + (outside[week] ?? []), swiftSettings: engineSettings)
  } + [
    .target(
      name: "Weeks", dependencies: weeks.map { .byName(name: $0) }, swiftSettings: engineSettings),
    .target(
      name: "TestSupport", dependencies: ["Week1Memory", "Week2LSM"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "ProofTests",
      dependencies: ["Weeks", "TestSupport"] + weeks.map { .byName(name: $0) },
      swiftSettings: settings),
    .testTarget(
      name: "ContractTests",
      dependencies: ["Weeks", "TestSupport"] + weeks.map { .byName(name: $0) },
      swiftSettings: settings),
  ]
    + weeks.map { week in
      .testTarget(
        name: week + "Tests",
        dependencies: before(week) + [.byName(name: week), "TestSupport"], swiftSettings: settings)
    }
)
