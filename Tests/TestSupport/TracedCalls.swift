public import Disk
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// The system's calls, recorded one by one as `operation name`, each of which a test can fail.
///
/// The directory itself is called `.`, so `sync .` is the sync that makes names durable.
public final class TracedCalls: Sendable {
  private struct State {
    var trace: [String] = []
    var names: [Int32: String] = [:]
  }
  private let state = Mutex(State())
  private let directory: String
  private let refusal: @Sendable (String) -> Int32?

  /// `refusal` gets each call before it is made, and returns the errno to fail it with, or nil.
  public init(in directory: String, refusal: @escaping @Sendable (String) -> Int32? = { _ in nil })
  {
    self.directory = directory
    self.refusal = refusal
  }

  public var trace: [String] { state.withLock { $0.trace } }
  public func forget() { state.withLock { $0.trace = [] } }

  public var calls: SystemCalls {
    let system = SystemCalls.system
    var calls = system
    calls.open = { [self] path, flags in
      opened(name(of: path), flags) { system.open(path, flags) }
    }
    calls.openAt = { [self] directory, name, flags in
      opened(name, flags) { system.openAt(directory, name, flags) }
    }
    calls.read = { [self] d, buffer, at in made("read", name(of: d)) { system.read(d, buffer, at) }
    }
    calls.write = { [self] d, bytes, at in
      made("write", name(of: d)) { system.write(d, bytes, at) }
    }
    calls.truncate = { [self] d, length in
      made("truncate", name(of: d)) { system.truncate(d, length) }
    }
    calls.allocate = { [self] d, at, length in
      made("allocate", name(of: d)) { system.allocate(d, at, length) }
    }
    // A sync is recorded but not made: it takes long, and the power does not fail here.
    calls.syncData = { [self] d in made("sync", name(of: d)) { 0 } }
    calls.sync = { [self] d in made("sync", name(of: d)) { 0 } }
    calls.renameAt = { [self] directory, from, to in
      made("rename", to) { system.renameAt(directory, from, to) }
    }
    calls.removeAt = { [self] directory, name in
      made("remove", name) { system.removeAt(directory, name) }
    }
    return calls
  }

  private func opened(_ name: String, _ flags: Int32, _ call: () -> Int) -> Int {
    made(flags & O_CREAT != 0 ? "create" : "open", name) {
      let descriptor = call()
      if descriptor >= 0 { state.withLock { $0.names[Int32(descriptor)] = name } }
      return descriptor
    }
  }

  private func made(_ operation: String, _ name: String, _ call: () -> Int) -> Int {
    let entry = "\(operation) \(name)"
    state.withLock { $0.trace.append(entry) }
    if let errno = refusal(entry) { return -Int(errno) }
    return call()
  }

  private func name(of path: String) -> String {
    path == directory ? "." : String(path.split(separator: "/").last ?? "/")
  }

  private func name(of descriptor: Int32) -> String {
    state.withLock { $0.names[descriptor] ?? "?" }
  }
}
