package import CrashModel

/// A disk that a recorded server has written: every call of its trace is done again, one by one, and
/// after each it is known what was synced and what was not.
///
/// A call takes effect when it begins: from then on a crash may leave it. A sync takes effect when it
/// has returned, and for what was written before it began.
package struct RecordedDisk: Sendable {
  /// What is on the disk. Its root is the data directory.
  package private(set) var image = DiskImage()
  /// What the server did that cannot be recorded, each told once.
  package internal(set) var remarks: [String] = []
  /// The files that were mapped to be written through memory.
  package internal(set) var mapped: Set<Int> = []
  /// Every path that a file or directory was last seen under.
  package private(set) var paths: [Int: String] = [DiskImage.root: "."]
  let root: String
  private let fileSystem: FileSystem
  var processes: Processes
  /// What is in pipes between files.
  var pipes: [String: [UInt8]] = [:]
  /// The renames from one directory to another.
  var moves: [Move] = []
  /// The syncs that have begun, by the number of the call.
  private var syncs: [Int: Sync] = [:]
  private var happening: Happening.Kind?
  private var happeningInode = -1

  /// A data directory at the absolute path `root`, empty, without symbolic links in its path.
  package init(root: String, on fileSystem: FileSystem = .posix) {
    self.root = root
    self.fileSystem = fileSystem
    processes = Processes(workingDirectory: "/")
  }

  /// Begins another run of the server on what is on the disk. All processes of the last have ended.
  package mutating func start(_ trace: Trace, workingDirectory: String) {
    processes = Processes(trace, workingDirectory: workingDirectory)
    syncs = [:]
    pipes = [:]
  }

  /// Does what happens at an event of `trace`. Calls whose end is not known are done if they are in
  /// `done`.
  package mutating func apply(
    _ event: Trace.Event, of trace: Trace, done: Set<Int> = []
  ) -> Happening? {
    let traced = trace.calls[event.call]
    guard let call = trace.diskCalls[event.call] else { return nil }
    happening = nil
    switch event.edge {
    case .start: begin(call, traced, event.call, isDone: done.contains(event.call))
    case .end: end(call, traced, event.call)
    }
    return happening.map { Happening($0, of: happeningInode, time: event.time) }
  }

  /// Takes the bytes of a file from the real one: it was written through memory.
  package mutating func replace(_ bytes: [UInt8], of inode: Int) {
    image.changeFile(inode) { $0.decay(to: bytes) }
  }

  mutating func change(_ inode: Int, _ change: (inout SimulatedFile) -> Void) {
    image.changeFile(inode, change)
  }

  mutating func changeNames(of inode: Int, _ change: (inout SimulatedDirectory) -> Void) {
    image.changeDirectory(inode, change)
  }

  mutating func add(_ inode: DiskImage.Inode, _ path: String) -> Int {
    let number = image.add(inode)
    paths[number] = path
    return number
  }

  mutating func paths(_ inode: Int, are path: String) {
    paths[inode] = path
  }

  mutating func note(_ kind: Happening.Kind, _ inode: Int) {
    happening = kind
    happeningInode = inode
  }
}

// What takes effect when a call begins.
extension RecordedDisk {
  private mutating func begin(
    _ call: DiskCall, _ traced: TracedCall, _ number: Int, isDone: Bool
  ) {
    switch call {
    case .send(let socket): note(.answer(socket: socket), -1)
    case .sync, .syncAll: beginSync(call, traced.thread, number)
    case .close(let descriptors): processes.close(descriptors, of: traced.thread)
    case .unseen(let what): remark("\(what): what it changes cannot be seen in the trace")
    default:
      guard let count = traced.effect(isDone: isDone) else { return }
      change(call, traced.thread, count)
    }
  }

  private mutating func change(_ call: DiskCall, _ thread: Int32, _ result: Int?) {
    switch call {
    case .write(let file, let bytes, let offset, let flags):
      write(bytes.prefix(result ?? bytes.count), file, at: offset, flags, thread)
    case .truncate(.descriptor(let file), let length):
      if let inode = inode(file, thread) { setLength(length, of: inode) }
    case .truncate(.place(let place), let length):
      if let inode = inode(at: place, thread) { setLength(length, of: inode) }
    case .allocate(let file, let allocation, let offset, let length):
      if let inode = inode(file, thread) { allocate(inode, allocation, offset, length) }
    case .copy(let source, let from, let target, let offset):
      copy(source, from, to: target, offset, count: result ?? 0, thread)
    case .clone(let source, let target): copy(source, 0, to: target, 0, count: .max, thread)
    case .fill(let pipe, let source, let from): fill(pipe, source, from, result ?? 0, thread)
    case .drain(let pipe, let target, let offset): drain(pipe, target, offset, result ?? 0, thread)
    case .open(let place, let flags): createOrCut(place, flags, thread)
    case .rename(let old, let new, let exchanges):
      rename(path(old, thread), to: path(new, thread), exchanges: exchanges)
    case .link(let old, let new): link(old, path(new, thread), thread)
    case .remove(let place): remove(path(place, thread))
    case .makeDirectory(let place): makeDirectory(path(place, thread))
    default: break
    }
  }

  private mutating func beginSync(_ call: DiskCall, _ thread: Int32, _ number: Int) {
    switch call {
    case .sync(let file):
      guard let inode = inode(file, thread) else { return }
      let names = fileSystem == .journal ? paths.keys.filter { image.directory($0) != nil } : []
      syncs[number] = Sync(of: inode, reaching: counts(of: names + [inode]))
    default:
      syncs[number] = Sync(of: DiskImage.root, reaching: counts(of: Array(paths.keys)))
    }
  }

  private func counts(of inodes: [Int]) -> [Int: Int] {
    Dictionary(inodes.map { ($0, image.changeCount(of: $0)) }) { first, _ in first }
  }
}

// What takes effect when it has returned.
extension RecordedDisk {
  private mutating func end(_ call: DiskCall, _ traced: TracedCall, _ number: Int) {
    if let sync = syncs.removeValue(forKey: number) { return endSync(sync, traced.result) }
    guard case .returned(let result) = traced.result else { return }
    let thread = traced.thread
    switch call {
    case .open(let place, let flags): opened(place, flags, as: result, thread)
    case .read(let file): moveOn(file, by: result, thread)
    case .seek(let file): processes.move(file, of: thread, to: result)
    case .duplicate(let file): processes.duplicate(file, as: result, of: thread)
    case .changeDirectory(let path):
      let directory = processes.workingDirectory(of: thread)
      processes.setWorkingDirectory(Place(path).path(from: directory), of: thread)
    case .startThread: processes.start(Int32(result))
    case .map(let file): noteMapping(of: file, thread)
    case .startWriting(let file): noteWriting(of: file, thread)
    case .syncMemory: noteSyncOfMemory()
    case .write(let file, _, _, let flags): endWrite(file, flags, thread)
    default: break
    }
  }

  private mutating func endSync(_ sync: Sync, _ result: TracedCall.Result) {
    for (inode, count) in sync.reached.sorted(by: { $0.key < $1.key }) {
      switch result {
      case .returned:
        image.changeFile(inode) { $0.sync(through: count) }
        image.changeDirectory(inode) { $0.sync(through: count) }
        // A rename between directories is one change, so a sync of the old one brings the new name.
        for move in moves where move.old.directory == inode {
          image.changeDirectory(move.new.directory) { $0.sync() }
        }
        moves.removeAll { $0.old.directory == inode }
        note(.sync, sync.inode)
      case .failed("EIO"), .failed("ENOSPC"), .failed("EDQUOT"):
        image.changeFile(inode) { $0.forgetUnsyncedBytes(through: count) }
        note(.failedSync, sync.inode)
      case .failed, .restarted, .unknown: break
      }
    }
  }

  /// A write to a file of `O_DSYNC` is on the disk with all that the file's length depends on.
  private mutating func endWrite(_ file: Int, _ flags: OpenFlags, _ thread: Int32) {
    guard let open = processes.file(file, of: thread), case .inode(let inode) = open.object,
      open.flags.union(flags).contains(.syncs)
    else { return }
    image.changeFile(inode) { $0.sync() }
    note(.sync, inode)
  }
}

/// What a file system makes durable.
package enum FileSystem: String, CaseIterable, Sendable {
  /// What POSIX promises: a sync of a file brings its bytes, a sync of a directory its names.
  case posix
  /// As ext4 and its like do: a sync of anything brings all names, for they are in one journal.
  case journal
}

/// A sync that has begun.
private struct Sync: Sendable {
  /// What was synced.
  let inode: Int
  /// How many changes each inode that it reaches had then.
  let reached: [Int: Int]

  init(of inode: Int, reaching reached: [Int: Int]) {
    self.inode = inode
    self.reached = reached
  }
}

extension TracedCall {
  /// What a call returned that took effect; nil inside if that is not known, nil if it took none.
  fileprivate func effect(isDone: Bool) -> Int?? {
    switch result {
    case .returned(let value): value
    case .failed, .restarted: nil
    case .unknown: isDone ? .some(nil) : nil
    }
  }
}

extension DiskImage {
  fileprivate func changeCount(of inode: Int) -> Int {
    file(inode)?.changeCount ?? directory(inode)?.changeCount ?? 0
  }
}
