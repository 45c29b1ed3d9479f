import Synchronization
public import Week2LSM

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A disk in memory, under a simulated system, that an engine can be opened on.
///
/// It keeps apart what was written and what was synced, so that a crash (`DiskImage.crashed`) can
/// take away what was not. It can fail any call, and remember how the disk looked before each.
public final class SimulatedDisk: Sendable {
  /// A call that was made, and the disk as it was right before it.
  public struct RecordedCall: Sendable {
    public let call: SimulatedCall
    public let imageBefore: DiskImage
  }

  private let state: Mutex<SimulatedSystem>
  private let records: Bool

  /// A disk that holds `image`, as found at the start of a system. With `records` it keeps an image
  /// of every moment, for a crash there.
  public init(
    _ image: DiskImage = DiskImage(), faults: FaultPlan = FaultPlan(), records: Bool = false
  ) {
    state = Mutex(SimulatedSystem(image, faults))
    self.records = records
  }

  public var image: DiskImage { state.withLock { $0.image } }
  public var callCount: Int { state.withLock { $0.callCount } }
  public var recorded: [RecordedCall] { state.withLock { $0.recorded } }
  /// Descriptors that were opened and not closed.
  public var openDescriptors: Int { state.withLock { $0.openFiles.count } }
  /// The call that a fault of the plan befell first, if one was reached.
  public var firstFailedCall: SimulatedCall? { state.withLock { $0.firstFailedCall } }

  /// Ends the planned faults: there is room again, and the medium is sound.
  public func mend() {
    state.withLock { $0.plan = FaultPlan() }
  }

  /// Changes the bytes of a file under the engine that has it open.
  public func decay(_ path: String, to bytes: [UInt8]) {
    state.withLock { $0.image.put(bytes, at: path) }
  }

  /// Every call of an engine, on this disk.
  public var calls: SystemCalls {
    var calls = SystemCalls.system
    calls.open = { path, flags in
      self.call(.open, path, needsRoom: flags & O_CREAT != 0) { $0.open(path, flags) }
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
        system.write(descriptor, Array(buffer[..<count]), offset)
      }
    }
    setLengthCalls(of: &calls)
    setSyncCalls(of: &calls)
    setNameCalls(of: &calls)
    return calls
  }

  private func setLengthCalls(of calls: inout SystemCalls) {
    calls.size = { descriptor in self.call(.size, descriptor) { $0.size(descriptor) } }
    calls.truncate = { descriptor, length in
      self.call(.truncate, descriptor, "to \(length)") { $0.truncate(descriptor, length) }
    }
    calls.allocate = { descriptor, offset, length in
      self.call(.allocate, descriptor, "\(length) bytes at \(offset)", needsRoom: true) {
        $0.allocate(descriptor, offset, length)
      }
    }
  }

  private func setSyncCalls(of calls: inout SystemCalls) {
    calls.syncData = { descriptor in self.call(.syncData, descriptor) { $0.sync(descriptor) } }
    calls.sync = { descriptor in self.call(.sync, descriptor) { $0.sync(descriptor) } }
    calls.lock = { descriptor in self.call(.lock, descriptor) { $0.lock(descriptor) } }
  }

  private func setNameCalls(of calls: inout SystemCalls) {
    calls.rename = { old, new in self.call(.rename, old, "to \(new)") { $0.rename(old, new) } }
    calls.remove = { path in self.call(.remove, path) { $0.remove(path) } }
    calls.makeDirectory = { path in
      self.call(.makeDirectory, path, needsRoom: true) { $0.makeDirectory(path) }
    }
    calls.list = { path in
      var names: [String] = []
      let code = self.call(.list, path) { system in
        let listing = system.list(path)
        names = listing.names
        return listing.code
      }
      return (code, names)
    }
  }
}

extension SimulatedDisk {
  private func call(
    _ kind: SimulatedCall.Kind, _ descriptor: Int32, _ detail: String = "",
    needsRoom: Bool = false, _ body: (inout SimulatedSystem) -> Int
  ) -> Int {
    state.withLock { system in
      let call = SimulatedCall(kind, system.path(of: descriptor), detail)
      return system.perform(call, needsRoom: needsRoom, records: records) { system, _ in
        body(&system)
      } forget: {
        $0.forgetUnsyncedBytes(descriptor)
      }
    }
  }

  private func call(
    _ kind: SimulatedCall.Kind, _ path: String, _ detail: String = "", needsRoom: Bool = false,
    _ body: (inout SimulatedSystem) -> Int
  ) -> Int {
    state.withLock { system in
      system.perform(SimulatedCall(kind, path, detail), needsRoom: needsRoom, records: records) {
        system, _ in body(&system)
      }
    }
  }

  private func path(of descriptor: Int32) -> String { state.withLock { $0.path(of: descriptor) } }

  /// A start writes the number of its process there, and nothing but messages depends on it. Chance
  /// would: it draws once for each byte that a crash may tear. So every process is number 1 here, and a
  /// seed gives the same run in each.
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
    state.withLock { system in
      let call = SimulatedCall(kind, system.path(of: descriptor), "\(count) bytes at \(offset)")
      let needsRoom = kind == .write && offset + count > system.size(descriptor)
      return system.perform(
        call, bytes: count, needsRoom: needsRoom, records: records, body)
    }
  }
}
