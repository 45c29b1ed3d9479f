public import Disk
import Synchronization
public import Week1Memory

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The files of one directory, in memory, with the system calls on them. It simulates no crashes
/// and no failures, and so is several times as fast as a simulated disk: a decoder gets a new one
/// for each of ten million inputs.
public final class MemoryDirectory: Sendable {
  public static let path = "/store"

  private struct State {
    var files: [String: [UInt8]]
    var open: [Int32: String] = [:]
    private var descriptor: Int32 = 2

    init(files: [String: [UInt8]]) {
      self.files = files
    }

    mutating func addDescriptor(of name: String) -> Int {
      descriptor += 1
      open[descriptor] = name
      return Int(descriptor)
    }
  }
  private let state: Mutex<State>

  public init(_ files: [String: [UInt8]]) {
    state = Mutex(State(files: files))
  }

  public var names: Set<String> { state.withLock { Set($0.files.keys) }.subtracting(["LOCK"]) }
  public func bytes(of name: String) -> [UInt8]? { state.withLock { $0.files[name] } }

  /// Whether `error` reports damage, and names an existing file and an offset in it.
  public func isDamage(_ error: StorageError) -> Bool {
    guard case .corrupt(let file, let offset, _) = error,
      let bytes = bytes(of: name(file))
    else { return false }
    return (0...bytes.count).contains(offset)
  }

  public var calls: SystemCalls {
    var calls = SystemCalls.unavailable
    calls.open = { path, flags in
      let name = self.name(path)
      // The directory itself and its parent are nothing but descriptors.
      return name.isEmpty ? self.addDescriptor(of: name) : self.open(name, flags)
    }
    calls.openAt = { _, name, flags in self.open(name, flags) }
    calls.close = { descriptor in
      self.state.withLock { $0.open[descriptor] = nil }
      return 0
    }
    calls.read = { descriptor, buffer, offset in
      self.withFile(descriptor) { bytes in
        let piece = bytes.dropFirst(offset).prefix(buffer.count)
        buffer.copyBytes(from: piece)
        return piece.count
      }
    }
    calls.write = { descriptor, buffer, offset in
      self.withFile(descriptor) { bytes in
        let end = offset + buffer.count
        if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.withUnsafeMutableBytes {
          UnsafeMutableRawBufferPointer(rebasing: $0[offset..<end]).copyBytes(from: buffer)
        }
        return buffer.count
      }
    }
    calls.linkCount = { _ in 1 }
    calls.kind = { _, kind in
      kind = .regular
      return 0
    }
    calls.kindAt = { _, name, kind in
      kind = .regular
      return self.bytes(of: name) == nil ? -Int(ENOENT) : 0
    }
    calls.size = { descriptor in self.withFile(descriptor) { $0.count } }
    calls.truncate = { descriptor, length in
      self.withFile(descriptor) { bytes in
        bytes.removeLast(max(0, bytes.count - length))
        return 0
      }
    }
    calls.allocate = { descriptor, offset, length in
      self.withFile(descriptor) { bytes in
        bytes += [UInt8](repeating: 0, count: max(0, offset + length - bytes.count))
        return 0
      }
    }
    (calls.sync, calls.syncData) = ({ _ in 0 }, { _ in 0 })
    (calls.lock, calls.unlock) = ({ _ in 0 }, { _ in 0 })
    calls.makeDirectory = { _ in -Int(EEXIST) }
    calls.renameAt = { _, old, new in self.rename(old, new) }
    calls.removeAt = { _, name in
      self.state.withLock { $0.files.removeValue(forKey: name) == nil ? -Int(ENOENT) : 0 }
    }
    calls.list = { _ in (0, self.state.withLock { $0.files.keys.sorted() }) }
    return calls
  }

  private func name(_ path: String) -> String {
    String(path.dropFirst(Self.path.count + 1))
  }

  private func open(_ name: String, _ flags: Int32) -> Int {
    state.withLock { state in
      let isThere = state.files[name] != nil
      if !isThere && flags & O_CREAT == 0 { return -Int(ENOENT) }
      if isThere && flags & O_EXCL != 0 { return -Int(EEXIST) }
      if !isThere || flags & O_TRUNC != 0 { state.files[name] = [] }
      return state.addDescriptor(of: name)
    }
  }

  private func addDescriptor(of name: String) -> Int {
    state.withLock { $0.addDescriptor(of: name) }
  }

  private func withFile(_ descriptor: Int32, _ body: (inout [UInt8]) -> Int) -> Int {
    state.withLock { state in
      guard let name = state.open[descriptor] else { return -Int(EBADF) }
      return body(&state.files[name, default: []])
    }
  }

  private func rename(_ old: String, _ new: String) -> Int {
    state.withLock { state in
      guard let bytes = state.files.removeValue(forKey: old) else { return -Int(ENOENT) }
      state.files[new] = bytes
      return 0
    }
  }
}
