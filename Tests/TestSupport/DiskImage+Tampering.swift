public import CrashModel

/// What other programs do to a directory while an engine has it open. Processes see it at once; a
/// crash may undo it.
extension DiskImage {
  /// Renames the file or directory at `path` within its directory, replacing whatever has that name.
  public mutating func rename(_ path: String, to name: String) {
    guard let inode = inode(at: path), let (parent, old) = parent(of: path) else { return }
    changeDirectory(parent) { $0.change(.rename(from: old, to: name, inode: inode)) }
  }

  /// Removes the file at `path`, or the directory with everything in it (`rm -rf`).
  public mutating func removeAll(at path: String) {
    guard let inode = inode(at: path), let (parent, name) = parent(of: path) else { return }
    for name in names(in: path) { removeAll(at: "\(path)/\(name)") }
    changeDirectory(inode) { $0.isRemoved = true }
    changeDirectory(parent) { $0.change(.remove(name, inode: inode)) }
  }

  /// Replaces the file at `path` with a new file. (`put` would change the bytes of the existing one.)
  public mutating func replace(_ path: String, with bytes: [UInt8]) {
    removeAll(at: path)
    put(bytes, at: path)
  }
}
