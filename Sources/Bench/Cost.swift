#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The cost of some work: elapsed time; processor time; and the bytes given to the disk, in whole pages,
/// those of the log included. The last two include background threads. On a busy machine, compare
/// processor time.
struct Cost: Sendable {
  let seconds: Double
  let processorSeconds: Double
  let writtenBytes: Int

  init(of body: () throws -> Void) rethrows {
    let before = rusage.own
    seconds = try ContinuousClock().measure(body) / .seconds(1)
    let after = rusage.own
    processorSeconds = after.processorSeconds - before.processorSeconds
    writtenBytes = (Int(after.ru_oublock) - Int(before.ru_oublock)) * 512
  }
}

extension rusage {
  /// What this process has used so far.
  static var own: rusage {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(RUSAGE_SELF.rawValue, &usage)
    #endif
    return usage
  }

  var processorSeconds: Double {
    [ru_utime, ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
  }
}
