import CrashModel
import Disk

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the system knows besides the disk: descriptors and locks, which end with their process, and
/// the progress of the run.
struct SimulatedSystem: Sendable {
  struct OpenFile: Sendable {
    let inode: Int
    let path: String
  }

  var image: DiskImage
  var plan: FaultPlan
  /// What another program does right before the call with a given number.
  var tampering: (call: Int, change: @Sendable (inout DiskImage) -> Void)?
  private(set) var openFiles: [Int32: OpenFile] = [:]
  /// The descriptor that holds the lock of an inode, whatever its names.
  private var locks: [Int: Int32] = [:]
  private var nextDescriptor: Int32 = 3
  private(set) var callCount = 0
  private(set) var recorded: [SimulatedDisk.RecordedCall] = []
  private(set) var firstFailedCall: SimulatedCall?

  init(_ image: DiskImage, _ plan: FaultPlan) {
    self.image = image
    self.plan = plan
  }

  /// Makes a call, unless the plan has a fault for it. `body` gets the number of bytes to transfer.
  mutating func perform(
    _ call: SimulatedCall, bytes: Int = 0, needsRoom: Bool, records: Bool,
    _ body: (inout SimulatedSystem, _ bytes: Int) -> Int,
    forget: (inout SimulatedSystem) -> Void = { _ in }
  ) -> Int {
    if let tampering, tampering.call <= callCount {
      self.tampering = nil
      tampering.change(&image)
    }
    if records { recorded.append(.init(call: call, imageBefore: image)) }
    let fault = plan.fault(at: callCount, needsRoom: needsRoom)
    callCount += 1
    if fault != nil && firstFailedCall == nil { firstFailedCall = call }
    switch fault {
    case nil:
      return body(&self, bytes)
    case .shorten:
      return body(&self, (bytes + 1) / 2)
    case .interrupt:
      if call.kind == .close { _ = body(&self, bytes) }  // Linux closes it anyway.
      return -Int(EINTR)
    case .refuse(let code):
      return -Int(code)
    case .failAfterEffect(let code):
      let returned = body(&self, bytes / 2)
      if call.kind == .open && returned >= 0 { _ = close(Int32(returned)) }
      return -Int(code)
    case .forget(let code):
      forget(&self)
      return -Int(code)
    }
  }

  /// The path by which a descriptor was opened. The file may have another one by now.
  func path(of descriptor: Int32) -> String {
    openFiles[descriptor]?.path ?? "descriptor \(descriptor)"
  }

  func path(of name: String, in directory: Int32) -> String {
    "\(path(of: directory))/\(name)"
  }
}

extension DiskImage {
  func kind(of inode: Int) -> EntryKind { directory(inode) == nil ? .regular : .directory }
}

// The calls on descriptors. Each returns the system's result, or the negated `errno`.
extension SimulatedSystem {
  mutating func open(_ inode: Int, _ path: String, _ flags: Int32) -> Int {
    let isDirectory = image.directory(inode) != nil
    if flags & O_DIRECTORY != 0 && !isDirectory { return -Int(ENOTDIR) }
    if flags & (O_RDWR | O_CREAT) != 0 && isDirectory { return -Int(EISDIR) }
    if flags & O_TRUNC != 0 { image.changeFile(inode) { $0.setLength(0) } }
    defer { nextDescriptor += 1 }
    openFiles[nextDescriptor] = OpenFile(inode: inode, path: path)
    return Int(nextDescriptor)
  }

  mutating func close(_ descriptor: Int32) -> Int {
    guard let file = openFiles.removeValue(forKey: descriptor) else { return -Int(EBADF) }
    if locks[file.inode] == descriptor { locks[file.inode] = nil }
    return 0
  }

  func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, _ offset: Int
  ) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    guard let file = image.file(inode) else { return -Int(EISDIR) }
    let count = max(0, min(buffer.count, file.cached.count - offset))
    if count > 0 { buffer.copyBytes(from: file.cached[offset..<offset + count]) }
    return count
  }

  mutating func write(_ descriptor: Int32, _ bytes: [UInt8], _ offset: Int) -> Int {
    changeFile(descriptor) { $0.write(bytes, at: offset) } ?? bytes.count
  }

  func size(_ descriptor: Int32) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    return image.file(inode)?.cached.count ?? 0
  }

  func kind(_ descriptor: Int32, _ kind: inout EntryKind) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    kind = image.kind(of: inode)
    return 0
  }

  func linkCount(_ descriptor: Int32) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    return image.linkCount(of: inode)
  }

  mutating func truncate(_ descriptor: Int32, _ length: Int) -> Int {
    changeFile(descriptor) { $0.setLength(length) } ?? 0
  }

  /// Where the plan lets it fail after its effect, `length` is half of what was asked for.
  mutating func allocate(_ descriptor: Int32, _ offset: Int, _ length: Int) -> Int {
    changeFile(descriptor) { $0.setLength(max($0.cached.count, offset + length)) } ?? 0
  }

  mutating func sync(_ descriptor: Int32) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    image.changeFile(inode) { $0.sync() }
    image.changeDirectory(inode) { $0.sync() }
    return 0
  }

  /// Names are in the journal, which does not forget.
  mutating func forgetUnsyncedBytes(_ descriptor: Int32) {
    guard let inode = openFiles[descriptor]?.inode else { return }
    image.changeFile(inode) { $0.forgetUnsyncedBytes() }
  }

  mutating func lock(_ descriptor: Int32) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    if let holder = locks[inode], holder != descriptor { return -Int(EWOULDBLOCK) }
    locks[inode] = descriptor
    return 0
  }

  mutating func unlock(_ descriptor: Int32) -> Int {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    if locks[inode] == descriptor { locks[inode] = nil }
    return 0
  }

  /// Nil once the file has been changed; otherwise the negated `errno`.
  private mutating func changeFile(
    _ descriptor: Int32, _ change: (inout SimulatedFile) -> Void
  ) -> Int? {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    if image.file(inode) == nil { return -Int(EISDIR) }
    image.changeFile(inode, change)
    return nil
  }
}
