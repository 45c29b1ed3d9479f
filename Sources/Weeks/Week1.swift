public import Disk
public import Week1Memory

extension Week {
  public static let memory = Week(number: 1, module: "Week1Memory", engine: MemoryEngine.self)
}

extension MemoryEngine: WeekEngine {
  public static func open(_: String, _: Settings, _: SystemCalls) -> MemoryEngine {
    MemoryEngine()
  }
}
