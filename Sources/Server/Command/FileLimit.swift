import Disk
import NIOCore
import Week1Memory
import Week2LSM

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The number of files and connections that the process may have open at once: every table keeps a
/// file open, up to a limit in week 8, and so does every connection.
struct FileLimit {
  let count: Int

  /// The standard streams, the log, the directory, and three descriptors per event loop.
  private static var own: Int { 16 + 3 * System.coreCount }
  /// With fewer than these for tables and connections, starting is pointless.
  private static let least = 16

  /// Raises the limit as far as the system allows an unprivileged process. Throws if even that is
  /// too low to start.
  static func raised() throws(ServerFailure) -> FileLimit {
    var limit = rlimit()
    if getrlimit(files, &limit) != 0 { limit.rlim_cur = 256 }  // A safe guess for any system.
    let wanted = min(limit.rlim_max, most)
    if limit.rlim_cur < wanted {
      var raised = limit
      raised.rlim_cur = wanted
      if setrlimit(files, &raised) == 0 { limit = raised }
    }
    let count = Int(min(limit.rlim_cur, most))
    guard count >= own + least else {
      throw ServerFailure(
        "the process may open \(count) files, and needs \(own + least): raise ulimit -n")
    }
    return FileLimit(count: count)
  }

  /// The number of tables that may be open in an engine that closes unread ones: at most a quarter
  /// of the files, because scans and compactions keep some more open while they read.
  func openTables(wanted: Int) -> Int {
    min(wanted, max(1, (count - Self.own) / 4))
  }

  /// The number of connections allowed beside `tables` open tables: at most half of the files,
  /// leaving room for some tables yet to be written.
  func connections(tables: Int) -> Int {
    min(count / 2, max(Self.least / 2, count - Self.own - tables - Self.least / 2))
  }

  /// The warning for a store with more tables than there are files left for them; nil if there are
  /// enough.
  func warning(tables: Int) -> String? {
    let needed = 2 * (tables + Self.own)
    return needed <= count ? nil : Self.shortage(tables, count, needed)
  }

  /// The message to show instead of `error` if this limit kept the store from being opened.
  func explanation(of error: StorageError, _ directory: String) -> String? {
    guard case .io(_, _, EMFILE, _) = error else { return nil }
    let names = (try? Directory.names(in: directory)) ?? []
    let tables = names.count { TableRecord.number(inName: $0) != nil }
    return "\(error): " + Self.shortage(tables, count, 2 * (tables + Self.own))
  }

  private static func shortage(_ tables: Int, _ count: Int, _ needed: Int) -> String {
    "each of the \(tables) tables keeps a file open, and the process may open \(count): "
      + "raise ulimit -n to \(needed) or more"
  }

  // Darwin allows at most OPEN_MAX, whatever the hard limit says. Elsewhere a million is enough.
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
