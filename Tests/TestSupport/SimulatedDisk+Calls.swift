public import Disk
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension SimulatedDisk {
  /// Every call of an engine, on this disk.
  public var calls: SystemCalls {
    var calls = SystemCalls.unavailable
    calls.open = { path, flags in
      self.call(.open, path, needsRoom: flags & O_CREAT != 0) { $0.open(path, flags) }
    }
    calls.openAt = { directory, name, flags in
      self.call(.open, directory, name, needsRoom: flags & O_CREAT != 0) {
        $0.openAt(directory, name, flags)
      }
    }
    calls.close = { descriptor in self.call(.close, descriptor) { $0.close(descriptor) } }
    calls.read = { descriptor, buffer, offset in
      self.transfer(.read, descriptor, buffer.count, offset) { system, count in
        system.read(descriptor, .init(rebasing: buffer[..<count]), offset)
      }
    }
    calls.write = { descriptor, buffer, offset in
      if self.path(of: descriptor).hasSuffix("/LOCK") {
        return self.writeLock(descriptor, buffer.count, offset)
      }
      return self.transfer(.write, descriptor, buffer.count, offset) { system, count in
        system.write(
          descriptor, [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count])), offset)
      }
    }
    setLengthCalls(of: &calls)
    setSyncCalls(of: &calls)
    setNameCalls(of: &calls)
    return calls
  }

  private func setLengthCalls(of calls: inout SystemCalls) {
    calls.size = { descriptor in self.call(.size, descriptor) { $0.size(descriptor) } }
    calls.linkCount = { descriptor in
      self.call(.linkCount, descriptor) { $0.linkCount(descriptor) }
    }
    calls.kind = { descriptor, kind in
      self.call(.kind, descriptor) { $0.kind(descriptor, &kind) }
    }
    calls.truncate = { descriptor, length in
      self.call(.truncate, descriptor, .length(length), bytes: 0) { system, _ in
        system.truncate(descriptor, length)
      }
    }
    calls.allocate = { descriptor, offset, length in
      self.call(
        .allocate, descriptor, .bytes(length, at: offset), bytes: length, needsRoom: true
      ) { system, length in
        system.allocate(descriptor, offset, length)
      }
    }
  }

  private func setSyncCalls(of calls: inout SystemCalls) {
    calls.syncData = { descriptor in self.call(.syncData, descriptor) { $0.sync(descriptor) } }
    calls.sync = { descriptor in self.call(.sync, descriptor) { $0.sync(descriptor) } }
    calls.lock = { descriptor in self.call(.lock, descriptor) { $0.lock(descriptor) } }
    calls.unlock = { descriptor in self.call(.unlock, descriptor) { $0.unlock(descriptor) } }
  }

  private func setNameCalls(of calls: inout SystemCalls) {
    calls.kindAt = { directory, name, kind in
      self.call(.kind, directory, name) { $0.kindAt(directory, name, &kind) }
    }
    calls.renameAt = { directory, old, new in
      self.call(.rename, directory, old, .newName(new)) { $0.renameAt(directory, old, new) }
    }
    calls.removeAt = { directory, name in
      self.call(.remove, directory, name) { $0.removeAt(directory, name) }
    }
    calls.makeDirectory = { path in
      self.call(.makeDirectory, path, needsRoom: true) { $0.makeDirectory(path) }
    }
    calls.list = { directory in
      var names: [String] = []
      let code = self.call(.list, directory) { system in
        let listing = system.list(directory)
        names = listing.names
        return listing.code
      }
      return (code, names)
    }
  }
}

extension SimulatedDisk {
  private func call(
    _ kind: SimulatedCall.Kind, _ descriptor: Int32, _ body: (inout SimulatedSystem) -> Int
  ) -> Int {
    state.withLock { system in
      let call = SimulatedCall(kind, system.path(of: descriptor))
      return system.perform(call, needsRoom: false, records: records) { system, _ in
        body(&system)
      } forget: {
        $0.forgetUnsyncedBytes(descriptor)
      }
    }
  }

  /// A call on a name in an open directory.
  private func call(
    _ kind: SimulatedCall.Kind, _ directory: Int32, _ name: String,
    _ detail: SimulatedCall.Detail? = nil, needsRoom: Bool = false,
    _ body: (inout SimulatedSystem) -> Int
  ) -> Int {
    state.withLock { system in
      let call = SimulatedCall(kind, name, in: system.path(of: directory), detail: detail)
      return system.perform(call, needsRoom: needsRoom, records: records) { system, _ in
        body(&system)
      }
    }
  }

  private func call(
    _ kind: SimulatedCall.Kind, _ path: String, needsRoom: Bool = false,
    _ body: (inout SimulatedSystem) -> Int
  ) -> Int {
    state.withLock { system in
      system.perform(SimulatedCall(kind, path), needsRoom: needsRoom, records: records) {
        system, _ in body(&system)
      }
    }
  }

  private func path(of descriptor: Int32) -> String { state.withLock { $0.path(of: descriptor) } }

  /// A start writes its process number into LOCK, and only messages depend on it. But the random
  /// numbers would too: one is drawn for each byte that a crash may tear. So every process is
  /// number 1 here, and a seed gives the same run in each.
  private func writeLock(_ descriptor: Int32, _ count: Int, _ offset: Int) -> Int {
    let start = min(offset, 1)
    let bytes = Array("1\n".utf8)[start...]
    let written = transfer(.write, descriptor, bytes.count, start) { system, count in
      system.write(descriptor, Array(bytes.prefix(count)), start)
    }
    if written < 0 { return written }
    return written == bytes.count ? count : count - 1
  }

  private func transfer(
    _ kind: SimulatedCall.Kind, _ descriptor: Int32, _ count: Int, _ offset: Int,
    _ body: (inout SimulatedSystem, _ count: Int) -> Int
  ) -> Int {
    let needsRoom = kind == .write && state.withLock { offset + count > $0.size(descriptor) }
    return call(
      kind, descriptor, .bytes(count, at: offset), bytes: count, needsRoom: needsRoom, body)
  }

  /// A call that transfers `count` bytes or fewer.
  private func call(
    _ kind: SimulatedCall.Kind, _ descriptor: Int32, _ detail: SimulatedCall.Detail, bytes: Int,
    needsRoom: Bool = false, _ body: (inout SimulatedSystem, _ bytes: Int) -> Int
  ) -> Int {
    state.withLock { system in
      let call = SimulatedCall(kind, system.path(of: descriptor), detail: detail)
      return system.perform(
        call, bytes: bytes, needsRoom: needsRoom, records: records, body)
    }
  }
}
