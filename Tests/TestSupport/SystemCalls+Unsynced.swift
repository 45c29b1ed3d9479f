public import Disk

extension SystemCalls {
  /// The system's calls without its syncs, which take most of the time of a test. For tests of an
  /// engine's answers; tests of what survives use a disk that checks every sync.
  public static var unsynced: SystemCalls {
    var calls = SystemCalls.system
    calls.sync = { _ in 0 }
    calls.syncData = { _ in 0 }
    return calls
  }
}
