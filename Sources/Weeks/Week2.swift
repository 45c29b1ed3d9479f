public import ArgumentParser
public import Disk
import Options
public import Week1Memory
public import Week2LSM

extension Week {
  public static let lsm = Week(
    number: 2, module: "Week2LSM", engine: LSMEngine.self)
}

extension LSMEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> LSMEngine {
    var options = Options()
    options.memtable = settings.memtable
    return try LSMEngine(directory, options, calls: calls)
  }
}

public struct LSMArguments: WeekArguments {
  @Option(1...maximum, "Entries in memory at which they are written to a table, from week 2.")
  public var memtableLimit = Settings().memtable.limit

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.memtable.limit = memtableLimit
  }
}
