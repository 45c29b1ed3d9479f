/// Everything that a simulated disk holds, as a value: keep a copy, and you can return to that moment.
///
/// Files and directories are inodes, and a name is a directory entry that points at one. So a file's
/// bytes and its name become durable separately, and a removed file lives on while it is open.
public struct DiskImage: Sendable {
  package enum Inode: Sendable {
    case file(SimulatedFile)
    case directory(SimulatedDirectory)
  }

  package static let root = 0
  package internal(set) var inodes: [Int: Inode] = [root: .directory(SimulatedDirectory())]
  private var nextInode = root + 1

  public init() {}

  package mutating func add(_ inode: Inode) -> Int {
    defer { nextInode += 1 }
    inodes[nextInode] = inode
    return nextInode
  }

  /// Numbers new inodes after all those of `old`.
  mutating func leaveRoom(after old: DiskImage) {
    nextInode = old.nextInode
  }

  /// The inode at an absolute path, as processes see it, or nil.
  package func inode(at path: String) -> Int? { inode(along: path.split(separator: "/")) }

  private func inode(along names: [Substring]) -> Int? {
    var inode = Self.root
    for name in names {
      guard let next = directory(inode)?.cached[String(name)] else { return nil }
      inode = next
    }
    return inode
  }

  /// The directory that contains the last name of `path`, and that name.
  package func parent(of path: String) -> (directory: Int, name: String)? {
    var names = path.split(separator: "/")
    guard let name = names.popLast(), let parent = inode(along: names), directory(parent) != nil
    else { return nil }
    return (parent, String(name))
  }

  /// The number of names of the inode, as processes see them. Names in a removed directory do not
  /// count.
  package func linkCount(of inode: Int) -> Int {
    inodes.values.reduce(0) { count, other in
      guard case .directory(let directory) = other, !directory.isRemoved else { return count }
      return count + directory.cached.values.count { $0 == inode }
    }
  }

  package func file(_ inode: Int) -> SimulatedFile? {
    if case .file(let file) = inodes[inode] { file } else { nil }
  }

  package func directory(_ inode: Int) -> SimulatedDirectory? {
    if case .directory(let directory) = inodes[inode] { directory } else { nil }
  }

  package mutating func changeFile(_ inode: Int, _ change: (inout SimulatedFile) -> Void) {
    guard var file = file(inode) else { return }
    inodes[inode] = nil  // So that the bytes have one owner and are not copied.
    change(&file)
    inodes[inode] = .file(file)
  }

  package mutating func changeDirectory(_ inode: Int, _ change: (inout SimulatedDirectory) -> Void)
  {
    guard var directory = directory(inode) else { return }
    inodes[inode] = nil  // As in `changeFile`.
    change(&directory)
    inodes[inode] = .directory(directory)
  }
}

extension DiskImage {
  /// The names in the directory at `path`, as processes see them.
  public func names(in path: String) -> [String] {
    inode(at: path).flatMap { directory($0) }?.cached.keys.sorted() ?? []
  }

  /// The bytes of the file at `path`, as processes read them; nil if there is no file.
  public func bytes(of path: String) -> [UInt8]? {
    inode(at: path).flatMap { file($0) }?.cached
  }

  /// Puts a file with these bytes at `path`, durably. The directory must exist.
  public mutating func put(_ bytes: [UInt8], at path: String) {
    if let inode = inode(at: path) {
      changeFile(inode) { $0.decay(to: bytes) }
    } else if let (parent, name) = parent(of: path) {
      let inode = add(.file(SimulatedFile(durable: bytes)))
      changeDirectory(parent) {
        $0.change(.add(name, inode: inode))
        $0.sync()
      }
    }
  }

  /// Creates a durable, empty directory in an existing one.
  public mutating func makeDirectory(_ path: String) {
    guard inode(at: path) == nil, let (parent, name) = parent(of: path) else { return }
    let inode = add(.directory(SimulatedDirectory()))
    changeDirectory(parent) {
      $0.change(.add(name, inode: inode))
      $0.sync()
    }
  }
}

extension DiskImage {
  /// Images that a process or a crash could tell apart have different fingerprints, except with a
  /// probability of about 2^-64. Fingerprints of different runs cannot be compared.
  public var fingerprint: Int {
    var hasher = Hasher()
    hash(Self.root, into: &hasher)
    return hasher.finalize()
  }

  private func hash(_ inode: Int, into hasher: inout Hasher) {
    switch inodes[inode] {
    case .file(let file):
      file.hash(into: &hasher)
    case .directory(let directory):
      hasher.combine(directory.unsynced)
      for (name, inode) in directory.durable.sorted(by: { $0.key < $1.key }) {
        hasher.combine(name)
        hash(inode, into: &hasher)
      }
      for (name, inode) in directory.cached.sorted(by: { $0.key < $1.key })
      where directory.durable[name] != inode {
        hasher.combine(name)
        hash(inode, into: &hasher)
      }
    case nil: break
    }
  }
}
