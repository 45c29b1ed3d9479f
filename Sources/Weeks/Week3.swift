public import ArgumentParser
public import Disk
import Options
public import Week1Memory
import Week2LSM
public import Week3WAL

extension Week {
  public static let wal = Week(
    number: 3, module: "Week3WAL", engine: DurableEngine.self)
}

extension DurableEngine: WeekEngine {
  public static func open(
    _ directory: String, _ settings: Settings, _ calls: SystemCalls
  ) throws(StorageError) -> DurableEngine {
    var options = Options()
    options.memtable = settings.memtable
    options.log = settings.log
    return try DurableEngine(directory, options, calls: calls)
  }
}

public struct WALArguments: WeekArguments {
  @Option(
    help: ArgumentHelp(
      "When a write is synced: always (before its answer), never, or every so often as in 500ms.",
      discussion: """
        From week 3. A power failure loses what is not synced, and nothing else. A duration is \
        \(Duration.textRule), and at least 1ms. (default: always)
        """,
      valueName: "always|never|duration"),
    transform: SyncPolicy.init(argument:))
  public var sync = Settings().log.sync

  @Option(1...maximum, "Bytes of the log at which the memtable is written to a table, from week 3.")
  public var logLimit = Settings().log.limit

  @Option(0...(1 << 30), "Bytes by which the log grows ahead of what is written, from week 3.")
  public var logAllocation = Settings().log.allocation

  public init() {}

  public func apply(to settings: inout Settings) {
    settings.log = LogOptions(sync: sync, allocation: logAllocation, limit: logLimit)
  }
}

extension SyncPolicy {
  init(argument: String) throws {
    switch argument {
    case "always": self = .always
    case "never": self = .never
    default:
      // A shorter one would keep a processor busy, whether there is anything to sync or not.
      guard let period = Duration(text: argument), period >= .milliseconds(1) else {
        throw ValidationError("it is always, never, or \(Duration.textRule), and at least 1ms")
      }
      self = .every(period)
    }
  }
}
