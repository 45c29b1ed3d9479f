import Foundation

/// A directory for one test, removed when the test is done with it.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init() {
    let unique = "strata-test-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(unique).path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The names in the directory; none if it is missing.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  public func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  public func write(_ bytes: [UInt8], to name: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  public func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }
}
