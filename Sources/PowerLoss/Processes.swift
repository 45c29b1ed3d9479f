/// The processes of one run of a server: which thread belongs to which, and what their descriptors mean.
struct Processes: Sendable {
  /// What a descriptor refers to. Copies of a descriptor share it, and so its offset.
  struct OpenFile: Sendable {
    enum Object: Sendable {
      case inode(Int)
      /// Something that is not in the data directory.
      case other
    }

    let object: Object
    var offset = 0
    var flags: OpenFlags = []
  }

  private struct Process: Sendable {
    var files: [Int: Int] = [:]
    var workingDirectory: String
  }

  private var openFiles: [OpenFile] = []
  private var processes: [Process]
  private var processOfThread: [Int32: Int] = [:]
  /// The thread that started each thread, and whether the two share descriptors; from the whole trace,
  /// since a child may be seen before the call that started it has returned.
  private var parents: [Int32: (thread: Int32, shares: Bool)] = [:]

  /// None but the first, which starts in `workingDirectory`.
  init(workingDirectory: String) {
    processes = [Process(workingDirectory: workingDirectory)]
  }

  /// Those of a trace.
  init(_ trace: Trace, workingDirectory: String) {
    self.init(workingDirectory: workingDirectory)
    for (call, meaning) in zip(trace.calls, trace.diskCalls) {
      guard case .startThread(let shares)? = meaning, case .returned(let child) = call.result
      else { continue }
      parents[Int32(child)] = (call.thread, shares)
    }
  }

  /// Starts a thread, if it was not seen before the call that started it returned.
  mutating func start(_ thread: Int32) { _ = process(of: thread) }

  /// The process of a thread; a new one is a copy of its parent.
  private mutating func process(of thread: Int32) -> Int {
    if let known = processOfThread[thread] { return known }
    var process = 0
    if let parent = parents[thread], parent.thread != thread {
      process = self.process(of: parent.thread)
      if !parent.shares {
        processes.append(processes[process])
        process = processes.count - 1
      }
    }
    processOfThread[thread] = process
    return process
  }

  mutating func workingDirectory(of thread: Int32) -> String {
    processes[process(of: thread)].workingDirectory
  }

  mutating func setWorkingDirectory(_ path: String, of thread: Int32) {
    processes[process(of: thread)].workingDirectory = path
  }

  mutating func file(_ descriptor: Int, of thread: Int32) -> OpenFile? {
    processes[process(of: thread)].files[descriptor].map { openFiles[$0] }
  }

  mutating func move(_ descriptor: Int, of thread: Int32, to offset: Int) {
    guard let file = processes[process(of: thread)].files[descriptor] else { return }
    openFiles[file].offset = offset
  }

  mutating func open(_ file: OpenFile, as descriptor: Int, of thread: Int32) {
    openFiles.append(file)
    processes[process(of: thread)].files[descriptor] = openFiles.count - 1
  }

  mutating func duplicate(_ descriptor: Int, as copy: Int, of thread: Int32) {
    let process = process(of: thread)
    processes[process].files[copy] = processes[process].files[descriptor]
  }

  mutating func close(_ descriptors: ClosedRange<Int>, of thread: Int32) {
    let process = process(of: thread)
    for descriptor in processes[process].files.keys where descriptors.contains(descriptor) {
      processes[process].files[descriptor] = nil
    }
  }
}
