import CrashModel

// Calls on names.
extension RecordedDisk {
  mutating func path(_ place: Place, _ thread: Int32) -> String {
    place.path(from: processes.workingDirectory(of: thread))
  }

  mutating func inode(at place: Place, _ thread: Int32) -> Int? {
    inside(path(place, thread)).flatMap { image.inode(at: $0) }
  }

  /// The path from the data directory on; nil if it is not in there.
  private func inside(_ path: String) -> String? {
    if path == root { return "" }
    return path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : nil
  }

  mutating func createOrCut(_ place: Place, _ flags: OpenFlags, _ thread: Int32) {
    guard let path = inside(path(place, thread)), !flags.contains(.isNameless) else { return }
    if let inode = image.inode(at: path) {
      if flags.contains(.cuts) { setLength(0, of: inode) }
    } else if flags.contains(.creates), let (parent, name) = image.parent(of: path) {
      let inode = add(.file(SimulatedFile()), path)
      changeNames(of: parent) { $0.change(.add(name, inode: inode)) }
      note(.create(name), parent)
    }
  }

  mutating func opened(
    _ place: Place, _ flags: OpenFlags, as descriptor: Int, _ thread: Int32
  ) {
    var object = Processes.OpenFile.Object.other
    if let path = inside(path(place, thread)) {
      if flags.contains(.isNameless) {
        object = .inode(add(.file(SimulatedFile()), "a file without a name"))
      } else if let inode = image.inode(at: path) {
        object = .inode(inode)
      } else {
        remark("\(path) was opened, and no recorded call has made it")
      }
    }
    processes.open(.init(object: object, flags: flags), as: descriptor, of: thread)
  }

  mutating func makeDirectory(_ path: String) {
    guard let path = inside(path), let (parent, name) = image.parent(of: path) else { return }
    let inode = add(.directory(SimulatedDirectory()), path)
    changeNames(of: parent) { $0.change(.add(name, inode: inode)) }
    note(.create(name), parent)
  }

  mutating func remove(_ path: String) {
    guard let path = inside(path), let inode = image.inode(at: path),
      let (parent, name) = image.parent(of: path)
    else { return }
    changeNames(of: parent) { $0.change(.remove(name, inode: inode)) }
    note(.remove(name), parent)
  }

  mutating func link(_ place: Place, _ new: String, _ thread: Int32) {
    guard let new = inside(new), let (parent, name) = image.parent(of: new) else { return }
    let old = path(place, thread)
    let descriptor = old.hasPrefix("/proc/self/fd/") ? Int(old.dropFirst(14)) : nil
    guard
      let inode = descriptor.map({ self.inode($0, thread) })
        ?? inside(old).flatMap({ image.inode(at: $0) })
    else {
      return remark("\(new) was linked from outside of the data directory: its bytes are not known")
    }
    paths(inode, are: new)
    changeNames(of: parent) { $0.change(.add(name, inode: inode)) }
    note(.create(name), parent)
  }

  mutating func rename(_ old: String, to new: String, exchanges: Bool) {
    guard let source = inside(old) else {
      if let new = inside(new) {
        remark("\(new) came from outside of the data directory: its bytes are not known")
      }
      return
    }
    guard let inode = image.inode(at: source), let (parent, name) = image.parent(of: source) else {
      return
    }
    guard let target = inside(new), let (newParent, newName) = image.parent(of: target) else {
      return remove(old)
    }
    if exchanges, let other = image.inode(at: target) {
      move(other, from: (newParent, newName), to: (parent, name), source)
    }
    move(inode, from: (parent, name), to: (newParent, newName), target)
    note(.rename(from: name, to: newName), newParent)
  }

  private mutating func move(
    _ inode: Int, from old: (parent: Int, name: String), to new: (parent: Int, name: String),
    _ path: String
  ) {
    paths(inode, are: path)
    if old.parent == new.parent {
      changeNames(of: old.parent) {
        $0.change(.rename(from: old.name, to: new.name, inode: inode))
      }
    } else {
      moves.append(
        Move(inode: inode, old: .init(old.parent, old.name), new: .init(new.parent, new.name)))
      changeNames(of: new.parent) { $0.change(.add(new.name, inode: inode)) }
      changeNames(of: old.parent) { $0.change(.remove(old.name, inode: inode)) }
    }
  }
}
