import Synchronization
import Week2LSM

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Ways for a system to do other than it says. An engine over one of them breaks the contract,
/// however right it is itself, and a proof that does not notice proves nothing.
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

  /// So that the new name of a file is durable before its bytes.
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

  /// As an engine would that takes a second sync for an answer to the first.
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
