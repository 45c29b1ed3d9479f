// swift-tools-version: 6.2

import PackageDescription

/// The modules of the engine, in order. Each may use those before it, and none after it: this list and
/// `before` are the whole rule.
let engine = [
  "Basics", "Week1Memory", "Disk", "Week2LSM", "Week3WAL", "Week4Compaction", "Week5Leveling",
  "Week6Blocks", "Week7BloomTrie", "Week8Concurrency",
]
func before(_ module: String) -> [Target.Dependency] {
  engine.prefix { $0 != module }.map { .byName(name: $0) }
}
let everyWeek: [Target.Dependency] = engine.map { .byName(name: $0) }

/// What a module of the engine needs from outside, or from C.
let outside: [String: [Target.Dependency]] = [
  "Basics": ["CRC32CInstruction"],
  "Disk": ["LinkCount"],
  "Week4Compaction": [.product(name: "HeapModule", package: "swift-collections")],
]

/// What the tests of a module need besides it.
let testing: [String: [Target.Dependency]] = [
  "TestSupport": ["CrashModel"],
  "Disk": ["CrashModel"],
  "Week8Concurrency": ["CrashModel", "Linearizability"],
]

let isContinuousIntegration = Context.environment["CI"] != nil
let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (isContinuousIntegration ? [.treatAllWarnings(as: .error)] : [])
/// The engine also marks every unsafe expression as such.
let engineSettings = settings + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
func nio(_ product: String) -> Target.Dependency { .product(name: product, package: "swift-nio") }
func lifecycle(_ product: String) -> Target.Dependency {
  .product(name: product, package: "swift-service-lifecycle")
}

let package = Package(
  name: "Strata",
  platforms: [.macOS(.v15)],
  products: [.library(name: "Strata", targets: engine + ["Weeks"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.2.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: engine.map { module in
    .target(
      name: module, dependencies: before(module) + (outside[module] ?? []),
      swiftSettings: engineSettings)
  } + [
    .target(name: "CRC32CInstruction"),
    .target(name: "LinkCount"),
    .target(name: "Options", dependencies: [argumentParser], swiftSettings: engineSettings),
    .target(
      name: "Weeks", dependencies: everyWeek + ["Options", argumentParser],
      swiftSettings: engineSettings),
    .executableTarget(
      name: "Server",
      dependencies: everyWeek + [
        "Options", "Weeks", argumentParser, logging, nio("NIOCore"), nio("NIOHTTP1"),
        nio("NIOPosix"),
        lifecycle("ServiceLifecycle"), lifecycle("UnixSignals"),
      ],
      swiftSettings: settings),
    .target(
      name: "Inspection", dependencies: everyWeek + ["Weeks"], swiftSettings: engineSettings),
    .executableTarget(
      name: "StartWeek", dependencies: [argumentParser], swiftSettings: settings),
    .executableTarget(
      name: "Inspect", dependencies: ["Inspection", "Weeks", argumentParser],
      swiftSettings: settings),
    .executableTarget(
      name: "Pictures",
      dependencies: everyWeek + ["CrashModel", "Weeks", "TestSupport", argumentParser],
      swiftSettings: settings),
    .target(name: "Scenarios", swiftSettings: settings),
    .target(name: "Linearizability", swiftSettings: settings),
    .target(name: "CrashModel", swiftSettings: settings),
    .target(name: "PowerLoss", dependencies: ["CrashModel"], swiftSettings: settings),
    .executableTarget(
      name: "Bench",
      dependencies: everyWeek + ["Options", "Weeks", argumentParser], swiftSettings: settings),
    .executableTarget(
      name: "Client",
      dependencies: [
        "CrashModel", "Linearizability", "Options", "PowerLoss", "Scenarios", argumentParser,
        nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"),
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: ["Basics", "Week1Memory", "Disk"] + (testing["TestSupport"] ?? []),
      path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "Decoders", dependencies: everyWeek + ["Scenarios", "TestSupport"],
      path: "Tests/Decoders", swiftSettings: settings),
  ]
    + engine.map { module in
      .testTarget(
        name: module + "Tests",
        dependencies: before(module) + [.byName(name: module), "TestSupport"]
          + (testing[module] ?? []),
        swiftSettings: settings)
    } + [
      .testTarget(
        name: "ContractTests",
        dependencies: everyWeek + ["Weeks", "TestSupport", argumentParser],
        exclude: ["Fixtures"], swiftSettings: settings),
      .testTarget(
        name: "LinearizabilityTests", dependencies: ["Linearizability", "TestSupport"],
        swiftSettings: settings),
      .testTarget(
        name: "PowerLossTests", dependencies: ["CrashModel", "PowerLoss"], swiftSettings: settings),
      .testTarget(
        name: "StartWeekTests", dependencies: ["StartWeek"], swiftSettings: settings),
      .testTarget(
        name: "ProofTests",
        dependencies: everyWeek + [
          "CrashModel", "Inspection", "Weeks", "TestSupport", "Decoders",
        ],
        swiftSettings: settings),
      .testTarget(
        name: "InspectionTests",
        dependencies: everyWeek + [
          "CrashModel", "Inspection", "Inspect", "Weeks", "TestSupport", argumentParser,
        ],
        swiftSettings: settings),
      .testTarget(
        name: "ServerTests",
        dependencies: everyWeek + [
          "Server", "Weeks", "TestSupport", argumentParser, logging,
          nio("NIOConcurrencyHelpers"), nio("NIOCore"),
          nio("NIOHTTP1"), nio("NIOPosix"), lifecycle("ServiceLifecycle"),
        ],
        swiftSettings: settings),
      .testTarget(
        name: "ClientTests",
        dependencies: [
          "Client", "Linearizability", "Scenarios", "TestSupport", argumentParser, nio("NIOCore"),
          nio("NIOHTTP1"), nio("NIOPosix"),
        ],
        exclude: ["Servers"], swiftSettings: settings),
      .testTarget(
        name: "ClientPowerLossTests",
        dependencies: [
          "Client", "CrashModel", "PowerLoss", "Scenarios", "TestSupport", argumentParser,
        ],
        exclude: ["Servers"], swiftSettings: settings),
    ]
)

// The fuzzer needs a runtime that not every toolchain has, and a build of its own: Scripts/prove.
if Context.environment["STRATA_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "LibFuzzer", path: "Tests/LibFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["Decoders", "LibFuzzer", "TestSupport"], path: "Tests/Fuzz",
      swiftSettings: settings),
  ]
}
