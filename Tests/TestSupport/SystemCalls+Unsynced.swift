public import Disk

extension SystemCalls {
  /// The system's calls without its syncs, which take most of the time of a test. For tests of what
  /// an engine answers; those of what survives have a disk that counts on every sync.
  public static var unsynced: SystemCalls {
    var calls = SystemCalls.system
    calls.sync = { _ in 0 }
    calls.syncData = { _ in 0 }
    return calls
  }
}
