import CrashModel
import Disk

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

// The calls on names. Each returns the system's result, or the negated `errno`.
extension SimulatedSystem {
  mutating func open(_ path: String, _ flags: Int32) -> Int {
    if path.allSatisfy({ $0 == "/" }) { return open(DiskImage.root, path, flags) }
    guard let (parent, name) = image.parent(of: path) else { return -Int(ENOENT) }
    return open(name, inInode: parent, path, flags)
  }

  mutating func openAt(_ directory: Int32, _ name: String, _ flags: Int32) -> Int {
    guard let parent = openFiles[directory]?.inode else { return -Int(EBADF) }
    if image.directory(parent) == nil { return -Int(ENOTDIR) }
    return open(name, inInode: parent, path(of: name, in: directory), flags)
  }

  private mutating func open(
    _ name: String, inInode parent: Int, _ path: String, _ flags: Int32
  ) -> Int {
    let inode = image.directory(parent)?.cached[name]
    if inode != nil && flags & O_CREAT != 0 && flags & O_EXCL != 0 { return -Int(EEXIST) }
    if let inode { return open(inode, path, flags) }
    // Nothing can be created in a directory that was removed.
    guard flags & O_CREAT != 0, image.directory(parent)?.isRemoved == false else {
      return -Int(ENOENT)
    }
    let created = image.add(.file(SimulatedFile()))
    image.changeDirectory(parent) { $0.change(.add(name, inode: created)) }
    return open(created, path, flags)
  }

  func kindAt(_ directory: Int32, _ name: String, _ kind: inout EntryKind) -> Int {
    guard let parent = openFiles[directory]?.inode else { return -Int(EBADF) }
    guard let inode = image.directory(parent)?.cached[name] else { return -Int(ENOENT) }
    kind = image.kind(of: inode)
    return 0
  }

  mutating func renameAt(_ directory: Int32, _ old: String, _ new: String) -> Int {
    guard let parent = openFiles[directory]?.inode else { return -Int(EBADF) }
    guard let inode = image.directory(parent)?.cached[old] else { return -Int(ENOENT) }
    image.changeDirectory(parent) { $0.change(.rename(from: old, to: new, inode: inode)) }
    return 0
  }

  mutating func removeAt(_ directory: Int32, _ name: String) -> Int {
    guard let parent = openFiles[directory]?.inode else { return -Int(EBADF) }
    guard let inode = image.directory(parent)?.cached[name] else { return -Int(ENOENT) }
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

  func list(_ descriptor: Int32) -> (code: Int, names: [String]) {
    guard let inode = openFiles[descriptor]?.inode else { return (-Int(EBADF), []) }
    guard let directory = image.directory(inode) else { return (-Int(ENOTDIR), []) }
    return (0, directory.cached.keys.sorted())
  }
}
