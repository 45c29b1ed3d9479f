import CrashModel

// Calls on descriptors.
extension RecordedDisk {
  mutating func inode(_ file: Int, _ thread: Int32) -> Int? {
    guard case .inode(let inode)? = processes.file(file, of: thread)?.object else { return nil }
    return inode
  }

  mutating func moveOn(_ file: Int, by count: Int, _ thread: Int32) {
    guard let open = processes.file(file, of: thread) else { return }
    processes.move(file, of: thread, to: open.offset + count)
  }

  mutating func write(
    _ bytes: ArraySlice<UInt8>, _ file: Int, at offset: Int?, _ flags: OpenFlags, _ thread: Int32
  ) {
    guard let open = processes.file(file, of: thread), case .inode(let inode) = open.object,
      let length = image.file(inode)?.cached.count
    else { return }
    let appends = open.flags.union(flags).contains(.appends)
    let start = appends ? length : offset ?? open.offset
    if offset == nil { processes.move(file, of: thread, to: start + bytes.count) }
    if bytes.isEmpty { return }
    change(inode) { $0.write(Array(bytes), at: start) }
    note(.write(offset: start, count: bytes.count), inode)
  }

  mutating func setLength(_ length: Int, of inode: Int) {
    guard let file = image.file(inode), file.cached.count != length else { return }
    change(inode) { $0.setLength(length) }
    note(length < file.cached.count ? .cut(to: length) : .growth(to: length), inode)
  }

  mutating func allocate(
    _ inode: Int, _ allocation: DiskCall.Allocation, _ offset: Int, _ length: Int
  ) {
    guard let size = image.file(inode)?.cached.count else { return }
    switch allocation {
    case .keepsSize: break
    case .grows: setLength(max(size, offset + length), of: inode)
    case .zeroes:
      let count = min(length, size - offset)
      guard count > 0 else { return }
      change(inode) { $0.write([UInt8](repeating: 0, count: count), at: offset) }
      note(.write(offset: offset, count: count), inode)
    }
  }
}

// Bytes that the system copies: they are in no call.
extension RecordedDisk {
  mutating func copy(
    _ source: Int, _ from: Int?, to target: Int, _ offset: Int?, count: Int, _ thread: Int32
  ) {
    guard let bytes = take(count, from: source, from, thread) else {
      if inode(target, thread) != nil { remarkUnknownBytes() }
      return
    }
    write(bytes, target, at: offset, [], thread)
  }

  mutating func fill(_ pipe: String, _ source: Int, _ from: Int?, _ count: Int, _ thread: Int32) {
    guard let bytes = take(count, from: source, from, thread) else { return }
    pipes[pipe, default: []] += bytes
  }

  mutating func drain(_ pipe: String, _ target: Int, _ offset: Int?, _ count: Int, _ thread: Int32)
  {
    guard inode(target, thread) != nil else { return }
    let bytes = pipes[pipe] ?? []
    if bytes.count < count { remarkUnknownBytes() }
    pipes[pipe] = Array(bytes.dropFirst(count))
    write(bytes.prefix(count), target, at: offset, [], thread)
  }

  /// The bytes of a file, which moves on if no offset is given; nil for what is no file of ours.
  private mutating func take(
    _ count: Int, from source: Int, _ offset: Int?, _ thread: Int32
  ) -> ArraySlice<UInt8>? {
    guard let start = offset ?? processes.file(source, of: thread)?.offset else { return nil }
    if offset == nil { moveOn(source, by: count, thread) }
    let bytes = inode(source, thread).flatMap { image.file($0)?.cached }
    return bytes?.dropFirst(start).prefix(count)
  }

  private mutating func remarkUnknownBytes() {
    remark("a copy from a file outside of the data directory: its bytes are not known")
  }
}
