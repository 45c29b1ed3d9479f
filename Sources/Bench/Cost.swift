#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The cost of some work: elapsed time, and processor time, which includes that of background threads. On a
/// busy machine, compare the second.
struct Cost: Sendable {
  let seconds: Double
  let processorSeconds: Double

  init(of body: () throws -> Void) rethrows {
    let before = rusage.own.processorSeconds
    seconds = try ContinuousClock().measure(body) / .seconds(1)
    processorSeconds = rusage.own.processorSeconds - before
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
