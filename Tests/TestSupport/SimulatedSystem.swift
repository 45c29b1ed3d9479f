#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the system knows beside the disk: descriptors and locks, which die with their process, and
/// how far the run has come.
struct SimulatedSystem: Sendable {
  struct OpenFile: Sendable {
    let inode: Int
    let path: String
  }

  var image: DiskImage
  var plan: FaultPlan
  private(set) var openFiles: [Int32: OpenFile] = [:]
  /// The descriptor that holds the lock of an inode.
  private var locks: [Int: Int32] = [:]
  private var nextDescriptor: Int32 = 3
  private(set) var callCount = 0
  private(set) var recorded: [SimulatedDisk.RecordedCall] = []
  private(set) var firstFailedCall: SimulatedCall?

  init(_ image: DiskImage, _ plan: FaultPlan) {
    self.image = image
    self.plan = plan
  }

  /// Makes a call, unless the plan has a fault for it. `body` is told how many bytes to transfer.
  mutating func perform(
    _ call: SimulatedCall, bytes: Int = 0, needsRoom: Bool, records: Bool,
    _ body: (inout SimulatedSystem, _ bytes: Int) -> Int,
    forget: (inout SimulatedSystem) -> Void = { _ in }
  ) -> Int {
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
      if call.kind == .close { _ = body(&self, bytes) }  // Linux closes it all the same.
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

  func path(of descriptor: Int32) -> String {
    openFiles[descriptor]?.path ?? "descriptor \(descriptor)"
  }
}

// The calls. Each returns what the system's would, or the negated `errno`.
extension SimulatedSystem {
  mutating func open(_ path: String, _ flags: Int32) -> Int {
    var inode = image.inode(at: path)
    if inode != nil && flags & O_CREAT != 0 && flags & O_EXCL != 0 { return -Int(EEXIST) }
    if inode == nil && flags & O_CREAT != 0, let (parent, name) = image.parent(of: path) {
      let created = image.add(.file(SimulatedFile()))
      image.changeDirectory(parent) { $0.change(.add(name, inode: created)) }
      inode = created
    }
    guard let inode else { return -Int(ENOENT) }
    if flags & O_DIRECTORY != 0 && image.directory(inode) == nil { return -Int(ENOTDIR) }
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

  mutating func truncate(_ descriptor: Int32, _ length: Int) -> Int {
    changeFile(descriptor) { $0.setLength(length) } ?? 0
  }

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

  /// Within one directory, which is all that an engine needs.
  mutating func rename(_ old: String, _ new: String) -> Int {
    guard let inode = image.inode(at: old), let (parent, oldName) = image.parent(of: old),
      let (newParent, newName) = image.parent(of: new)
    else { return -Int(ENOENT) }
    if parent != newParent { return -Int(EXDEV) }
    image.changeDirectory(parent) { $0.change(.rename(from: oldName, to: newName, inode: inode)) }
    return 0
  }

  mutating func remove(_ path: String) -> Int {
    guard let inode = image.inode(at: path), let (parent, name) = image.parent(of: path) else {
      return -Int(ENOENT)
    }
    if image.directory(inode) != nil { return -Int(EISDIR) }
    image.changeDirectory(parent) { $0.change(.remove(name, inode: inode)) }
    return 0
  }

  mutating func makeDirectory(_ path: String) -> Int {
    if image.inode(at: path) != nil { return -Int(EEXIST) }
    guard let (parent, name) = image.parent(of: path) else { return -Int(ENOENT) }
    let inode = image.add(.directory(SimulatedDirectory()))
    image.changeDirectory(parent) { $0.change(.add(name, inode: inode)) }
    return 0
  }

  func list(_ path: String) -> (code: Int, names: [String]) {
    guard let inode = image.inode(at: path), let directory = image.directory(inode) else {
      return (-Int(ENOENT), [])
    }
    return (0, directory.cached.keys.sorted())
  }

  /// Nil once the file has been changed, or the negated `errno`.
  private mutating func changeFile(
    _ descriptor: Int32, _ change: (inout SimulatedFile) -> Void
  ) -> Int? {
    guard let inode = openFiles[descriptor]?.inode else { return -Int(EBADF) }
    if image.file(inode) == nil { return -Int(EISDIR) }
    image.changeFile(inode, change)
    return nil
  }
}
