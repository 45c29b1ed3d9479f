public import Week1Memory

extension WriteAheadLog {
  public var statistics: [Statistic] {
    [
      .gauge("log_bytes", bytes),
      .counter("log_appended_bytes", appendedBytes),
      .counter("log_syncs", syncs),
      .gauge("log_dropped_bytes", droppedBytes),
    ]
  }
}
