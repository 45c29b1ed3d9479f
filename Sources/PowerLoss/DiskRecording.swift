package import CrashModel

/// All that a server did to its data directory, over several runs, and the moments at which the power
/// may go off: one after each thing that happened.
package struct DiskRecording: Sendable {
  /// One run: from a start of the server to its end.
  private struct Run: Sendable {
    let trace: Trace
    let workingDirectory: String
    /// The calls that the end of the process cut off, and that took effect all the same.
    var done: Set<Int> = []
    /// What files held at the end that were written through memory.
    var replacements: [Int: [UInt8]] = [:]
  }

  /// What happened, in order. The moment of a number is right after it.
  package private(set) var happenings: [Happening] = []
  /// The number of the first moment of each run.
  package private(set) var starts: [Int] = []
  /// The disk at the end of the last run.
  package private(set) var disk: RecordedDisk
  /// The files that were written through memory: what they held at a moment is not known.
  package private(set) var writtenThroughMemory: Set<Int> = []
  private var runs: [Run] = []
  private let empty: RecordedDisk

  /// Of an empty data directory at the absolute path `root`.
  package init(root: String, on fileSystem: FileSystem = .posix) {
    empty = RecordedDisk(root: root, on: fileSystem)
    disk = empty
  }

  /// A run is done as often as this to find out which of the calls that its end cut off took effect.
  private static let mostGuesses = 64
}

extension DiskRecording {
  /// Adds a run of the server, which has ended, and left `directory`. Throws where the trace does not
  /// explain what is there.
  package mutating func add(
    _ trace: Trace, workingDirectory: String, leaving directory: DirectoryContents
  ) throws(RecordingFault) {
    var run = Run(trace: trace, workingDirectory: workingDirectory)
    let cut = trace.unfinished.filter { trace.diskCalls[$0] != nil }
    for guess in 0..<min(1 << min(cut.count, 16), Self.mostGuesses) {
      run.done = Set(cut.indices.filter { guess >> $0 & 1 == 1 }.map { cut[$0] })
      var attempt = self
      attempt.append(run)
      if directory.difference(from: attempt.disk) == nil {
        self = attempt
        return
      }
    }
    run.done = []
    try addReplacing(run, leaving: directory)
  }

  /// Adds a run after which only files differ that were written through memory.
  private mutating func addReplacing(
    _ run: Run, leaving directory: DirectoryContents
  ) throws(RecordingFault) {
    var run = run
    var attempt = self
    attempt.append(run)
    for inode in attempt.disk.mapped {
      guard let path = attempt.disk.paths[inode], let bytes = directory.files[path],
        bytes != attempt.disk.image.bytes(of: path)
      else { continue }
      run.replacements[inode] = bytes
      writtenThroughMemory.insert(inode)
    }
    append(run)
    if let path = directory.difference(from: disk) { throw .unexplained(path) }
  }

  private mutating func append(_ run: Run) {
    starts.append(happenings.count)
    runs.append(run)
    var cursor = Cursor(recording: self, disk: disk, moment: happenings.count, run: runs.count - 1)
    var new: [Happening] = []
    while let happening = cursor.step() { new.append(happening) }
    happenings += new
    disk = cursor.disk
  }

  /// A walk through all moments, from the first on.
  package func cursor() -> Cursor { Cursor(recording: self, disk: empty, moment: 0, run: 0) }

  /// The disk at a moment.
  package func disk(at moment: Int) -> RecordedDisk {
    var cursor = cursor()
    while let number = cursor.next(), number < moment {}
    return cursor.disk
  }

  /// The run that a moment is in, counted from 0.
  package func run(of moment: Int) -> Int {
    (starts.lastIndex { $0 <= moment }) ?? 0
  }
}

extension DiskRecording {
  /// A place between two moments, with the disk as it was there.
  package struct Cursor: Sendable {
    private let recording: DiskRecording
    package private(set) var disk: RecordedDisk
    private var moment: Int
    private var run: Int
    private var event = 0

    fileprivate init(recording: DiskRecording, disk: RecordedDisk, moment: Int, run: Int) {
      self.recording = recording
      self.disk = disk
      self.moment = moment
      self.run = run
    }

    /// Goes on to the next moment, and returns its number; nil at the end.
    package mutating func next() -> Int? {
      step() == nil ? nil : moment - 1
    }

    fileprivate mutating func step() -> Happening? {
      while run < recording.runs.count {
        let current = recording.runs[run]
        if event == 0 { disk.start(current.trace, workingDirectory: current.workingDirectory) }
        while event < current.trace.events.count {
          event += 1
          let happening = disk.apply(
            current.trace.events[event - 1], of: current.trace, done: current.done)
          if happening != nil {
            moment += 1
            return happening
          }
        }
        for (inode, bytes) in current.replacements { disk.replace(bytes, of: inode) }
        (run, event) = (run + 1, 0)
      }
      return nil
    }
  }
}

/// Why a run cannot be used.
package enum RecordingFault: Error, Equatable, CustomStringConvertible {
  /// The trace does not explain what this file or directory holds.
  case unexplained(String)

  package var description: String {
    switch self {
    case .unexplained(let path):
      "\(path) is not what the recorded calls make it: something changes it that cannot be recorded"
    }
  }
}

/// The files and directories in a directory, by their paths.
package struct DirectoryContents: Equatable, Sendable {
  package var files: [String: [UInt8]] = [:]
  package var directories: Set<String> = []

  package init() {}

  /// As processes find them on `image`.
  package init(_ image: DiskImage) {
    add("", of: image)
  }

  private mutating func add(_ path: String, of image: DiskImage) {
    for name in image.names(in: path) {
      let child = path.isEmpty ? name : "\(path)/\(name)"
      if let bytes = image.bytes(of: child) {
        files[child] = bytes
      } else {
        directories.insert(child)
        add(child, of: image)
      }
    }
  }

  /// Where the two are not the same.
  func difference(from disk: RecordedDisk) -> String? {
    let recorded = DirectoryContents(disk.image)
    if let odd = directories.symmetricDifference(recorded.directories).min() { return odd }
    let paths = Set(files.keys).union(recorded.files.keys).sorted()
    guard let odd = paths.first(where: { files[$0] != recorded.files[$0] }) else { return nil }
    return
      "\(odd) (\(Self.length(recorded.files[odd])) by the calls, \(Self.length(files[odd])) there)"
  }

  private static func length(_ bytes: [UInt8]?) -> String {
    bytes.map { "\($0.count) bytes" } ?? "nothing"
  }
}
