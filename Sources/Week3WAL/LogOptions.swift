/// How the write-ahead log is written.
public struct LogOptions: Sendable {
  public var sync = SyncPolicy.always

  /// The log file grows by this many bytes at a time, ahead of what is written into it: a sync then
  /// has no new length to record, and is cheaper. 0 lets every append lengthen the file.
  public var allocation = 1 << 20

  public init(sync: SyncPolicy = .always, allocation: Int = 1 << 20) {
    self.sync = sync
    self.allocation = allocation
  }
}
