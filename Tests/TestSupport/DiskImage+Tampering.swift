public import CrashModel

/// What other programs do to a directory while an engine has it open. As processes see it at once; a
/// crash may undo it.
extension DiskImage {
  /// Gives the file or directory at `path` another name in the directory that holds it, over what has
  /// that name.
  public mutating func rename(_ path: String, to name: String) {
    guard let inode = inode(at: path), let (parent, old) = parent(of: path) else { return }
    changeDirectory(parent) { $0.change(.rename(from: old, to: name, inode: inode)) }
  }

  /// Removes the file at `path`, or the directory with all that is in it (`rm -rf`).
  public mutating func removeAll(at path: String) {
    guard let inode = inode(at: path), let (parent, name) = parent(of: path) else { return }
    for name in names(in: path) { removeAll(at: "\(path)/\(name)") }
    changeDirectory(inode) { $0.isRemoved = true }
    changeDirectory(parent) { $0.change(.remove(name, inode: inode)) }
  }

  /// Puts another file at `path`, in the place of the one that is there. `put` would change the bytes
  /// of that one.
  public mutating func replace(_ path: String, with bytes: [UInt8]) {
    removeAll(at: path)
    put(bytes, at: path)
  }
}
