import Foundation
import PowerLoss

/// The server under `strace`, which writes down its calls.
struct Recorder: Sendable {
  private let server: ServerProcess
  private let trace: URL

  /// The longest write that is recorded whole, in bytes.
  private static let longestWrite = 1 << 24
  private static let program = "strace"

  private static func options(output: String) -> [String] {
    [
      // The recorder is a grandchild in a group of its own: a signal to the command misses it.
      "-DD", "-f", "-q", "-y", "--seccomp-bpf", "-s", "\(longestWrite)",
      "--absolute-timestamps=format:unix,precision:ns",
      "-e", "trace=" + DiskCall.names.map { "?" + $0 }.joined(separator: ","),
      // Of what is read, the count will do.
      "-e", "raw=read,readv", "-e", "signal=kill,term,int,hup,abrt,segv,bus", "-o", output,
    ]
  }

  /// Records the server of a command, on a port and a data directory, into the file `trace`. With
  /// `failingSync`, the sync of that number fails with EIO, counted in each thread.
  init(
    _ command: ServerCommand, port: Int, data: String, trace: URL, failingSync: Int? = nil
  ) {
    var recorded = command
    recorded.command = [Self.program] + Self.options(output: trace.path)
    if let failingSync {
      recorded.command += ["-e", "inject=fsync,fdatasync:error=EIO:when=\(failingSync)"]
    }
    recorded.command += ["--"] + command.command
    server = recorded.process(port: port, data: data)
    self.trace = trace
  }

  /// Why nothing can be recorded here; nil if it can.
  static func obstacle() async -> String? {
    #if os(Linux)
      let trial = ServerProcess(
        command: [program] + options(output: "/dev/null") + ["--", "true"])
      do { try trial.start() } catch { return FileFailure(error).reason }
      switch await trial.exit(within: .seconds(10)) {
      case .status(0): return nil
      case .status(127): return "strace is missing; install it with the system's packages"
      default: return "strace does not work here: \(trial.lastWords)"
      }
    #else
      return "the system calls of a server can be recorded on Linux only, with strace"
    #endif
  }
}

extension Recorder: Victim {
  func start() throws { try server.start() }
  func end(by signal: EndSignal) { server.end(by: signal) }
  var isRunning: Bool { server.isRunning }
  var exit: Exit? { server.exit }
  var lastWords: String { server.lastWords }
}

extension Recorder {
  /// The trace, once the server has ended and strace has written all of it.
  func finishedTrace() async throws -> Trace {
    var length = -1
    for _ in 0..<Self.mostPolls {
      let now = fileLength
      if now == length && saysEnd { break }
      length = now
      try await Task.sleep(for: .milliseconds(10))
    }
    return try Trace(Array(try Data(contentsOf: trace)))
  }

  private static let mostPolls = 1_000

  private var fileLength: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: trace.path)
    return attributes?[.size] as? Int ?? 0
  }

  /// Whether the first process has its line `+++ exited with 0 +++`.
  private var saysEnd: Bool {
    guard let file = try? FileHandle(forReadingFrom: trace) else { return false }
    defer { try? file.close() }
    let head = (try? file.read(upToCount: 32)) ?? Data()
    let length = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: length > 65_536 ? length - 65_536 : 0)
    let tail = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
    let process = String(decoding: head, as: UTF8.self).prefix { $0 != " " }
    return tail.split(separator: "\n").contains {
      $0.hasPrefix("\(process) ") && $0.contains("+++ ") && $0.hasSuffix("+++")
    }
  }
}
