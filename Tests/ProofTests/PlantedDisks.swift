import Disk
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Systems that do not do what they report. An engine over one of them breaks the contract, however
/// correct the engine is, and a proof that does not notice proves nothing.
enum PlantedDisk {
  typealias Sabotage = @Sendable (SystemCalls) -> SystemCalls

  static let skipsFileSyncs: Sabotage = { calls in
    var calls = calls
    calls.syncData = { _ in 0 }
    return calls
  }

  static let skipsDirectorySyncs: Sabotage = { calls in
    var calls = calls
    calls.sync = { _ in 0 }
    return calls
  }

  static let skipsTruncates: Sabotage = { calls in
    var calls = calls
    calls.truncate = { _, _ in 0 }
    return calls
  }

  /// The new name of a file becomes durable before its bytes.
  static let skipsSyncsOfTemporaryFiles: Sabotage = { system in
    let temporaries = DescriptorSet()
    var calls = system
    calls.openAt = { directory, name, flags in
      let descriptor = system.openAt(directory, name, flags)
      if name.hasSuffix(".tmp") { temporaries.insert(descriptor) }
      return descriptor
    }
    calls.syncData = { temporaries.contains($0) ? 0 : system.syncData($0) }
    return calls
  }

  /// Like an engine that takes a successful second sync for the result of the first.
  static let retriesFailedSyncs: Sabotage = { system in
    var calls = system
    calls.syncData = { descriptor in
      let code = system.syncData(descriptor)
      return code < 0 ? system.syncData(descriptor) : code
    }
    return calls
  }

  static let hidesWriteErrors: Sabotage = { system in
    var calls = system
    calls.write = { descriptor, buffer, offset in
      let code = system.write(descriptor, buffer, offset)
      return code < 0 && code != -Int(EINTR) ? buffer.count : code
    }
    return calls
  }

  static let takesShortWritesForWhole: Sabotage = { system in
    var calls = system
    calls.write = { descriptor, buffer, offset in
      let code = system.write(descriptor, buffer, offset)
      return code > 0 ? buffer.count : code
    }
    return calls
  }

  static let failsWhereInterrupted: Sabotage = { system in
    var calls = system
    calls.syncData = { descriptor in
      let code = system.syncData(descriptor)
      return code == -Int(EINTR) ? -Int(EIO) : code
    }
    return calls
  }

  /// Like an engine that joins the path of its directory and a name: when another directory is put
  /// there, later names are resolved in that one.
  static let resolvesNamesByPath: Sabotage = { system in
    let paths = PathsOfDescriptors()
    @Sendable func reopening(_ directory: Int32, _ call: (Int32) -> Int) -> Int {
      let again = system.open(paths[directory], O_RDONLY | O_DIRECTORY)
      if again < 0 { return again }
      defer { _ = system.close(Int32(again)) }
      return call(Int32(again))
    }
    var calls = system
    calls.open = { path, flags in
      let descriptor = system.open(path, flags)
      paths[Int32(descriptor)] = path
      return descriptor
    }
    calls.openAt = { directory, name, flags in
      reopening(directory) { system.openAt($0, name, flags) }
    }
    calls.renameAt = { directory, from, to in
      reopening(directory) { system.renameAt($0, from, to) }
    }
    calls.removeAt = { directory, name in reopening(directory) { system.removeAt($0, name) } }
    return calls
  }

  /// Whoever removes the file can start a second engine.
  static let locksTheLockFile: Sabotage = { system in
    let lockFile = Mutex<Int32?>(nil)
    var calls = system
    calls.lock = { directory in
      let file = system.openAt(directory, "LOCK", O_RDWR | O_CREAT)
      if file < 0 { return file }
      let code = system.lock(Int32(file))
      if code < 0 { _ = system.close(Int32(file)) } else { lockFile.withLock { $0 = Int32(file) } }
      return code
    }
    calls.unlock = { _ in lockFile.withLock { $0.map { system.close($0) } ?? 0 } }
    return calls
  }

  /// A file that has lost its name looks as if it still had one.
  static let countsEveryLink: Sabotage = { system in
    var calls = system
    calls.linkCount = { max(1, system.linkCount($0)) }
    return calls
  }

  /// Like an engine that removes a table as soon as the manifest does not name it, even while it is
  /// read.
  static let removesTablesAtOnce: Sabotage = { system in
    let named = Mutex<Set<String>>([])
    var calls = system
    calls.renameAt = { directory, from, to in
      let now = tables(named: from, directory, system)
      let code = system.renameAt(directory, from, to)
      let before = named.withLock { names in
        defer { names = now }
        return names
      }
      for name in before.subtracting(now) { _ = system.removeAt(directory, name) }
      return code
    }
    return calls
  }

  private static func tables(
    named name: String, _ directory: Int32, _ calls: SystemCalls
  ) -> Set<String> {
    let file = calls.openAt(directory, name, O_RDONLY)
    if file < 0 { return [] }
    defer { _ = calls.close(Int32(file)) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = bytes.withUnsafeMutableBytes { calls.read(Int32(file), $0, 0) }
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return Set(text.split(separator: "\"").map(String.init).filter { $0.hasSuffix(".blocks") })
  }
}

private final class PathsOfDescriptors: Sendable {
  private let paths = Mutex<[Int32: String]>([:])

  subscript(descriptor: Int32) -> String {
    get { paths.withLock { $0[descriptor] ?? "/" } }
    set { paths.withLock { $0[descriptor] = newValue } }
  }
}

private final class DescriptorSet: Sendable {
  private let descriptors = Mutex<Set<Int>>([])

  func insert(_ descriptor: Int) {
    descriptors.withLock { _ = $0.insert(descriptor) }
  }

  func contains(_ descriptor: Int32) -> Bool {
    descriptors.withLock { $0.contains(Int(descriptor)) }
  }
}
