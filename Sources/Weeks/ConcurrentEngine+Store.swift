import Disk
public import Week1Memory
public import Week5Leveling
public import Week8Concurrency

/// Week 8's engine needs no lock around it: it is a store itself.
extension ConcurrentEngine: Store {
  public func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try snapshot().scan(from: start, to: end) as ConcurrentScan
  }

  public func snapshot() throws(StorageError) -> any StoreSnapshot {
    try snapshot() as Snapshot
  }
}

extension Snapshot: StoreSnapshot {
  public func scan(from start: Key, to end: Key) throws(StorageError) -> any Scan {
    try scan(from: start, to: end) as ConcurrentScan
  }
}

extension Settings {
  /// What of it week 8's engine uses.
  public var concurrent: ConcurrentEngine.Options {
    var options = ConcurrentEngine.Options()
    options.memory = memory
    options.log = log
    options.levels.level0Limit = levels.level0Limit
    options.levels.growth = levels.growth
    options.levels.tableLimit = tableBytes
    options.blocks = blocks
    options.filters = filters
    options.negativeCache = negativeCache
    options.pressure = pressure
    options.background = background
    return options
  }
}
