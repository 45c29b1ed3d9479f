#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How many files and connections the process may have open at once.
enum FileLimit {
  /// Raises the limit as far as the system allows without being asked for more: every table keeps a
  /// file open, and so does every connection. Returns the limit that now holds.
  static func raise() -> Int {
    var limit = rlimit()
    guard getrlimit(files, &limit) == 0 else { return 256 }  // What POSIX systems give at least.
    let wanted = min(limit.rlim_max, most)
    if limit.rlim_cur < wanted {
      var raised = limit
      raised.rlim_cur = wanted
      if setrlimit(files, &raised) == 0 { limit = raised }
    }
    return Int(min(limit.rlim_cur, most))
  }

  // Darwin takes no more than OPEN_MAX, whatever the hard limit says. Elsewhere a million is enough.
  #if canImport(Darwin)
    private static let files = RLIMIT_NOFILE
    private static let most = rlim_t(OPEN_MAX)
  #elseif canImport(Musl)
    private static let files = RLIMIT_NOFILE
    private static let most: rlim_t = 1 << 20
  #else
    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    private static let most: rlim_t = 1 << 20
  #endif
}
