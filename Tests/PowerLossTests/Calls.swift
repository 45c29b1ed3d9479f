import CrashModel
import PowerLoss

/// A trace of thread 7, one call after another. A line that starts with a number is one of that thread.
private func trace(of lines: [String]) throws -> Trace {
  let text = lines.enumerated().map { number, line in
    let thread = line.first?.isNumber == true ? "" : "7 "
    let parts = (thread + line).split(separator: " ", maxSplits: 1)
    return "\(parts[0]) 1.\(100_000_000 + number) \(parts[1])"
  }
  return try Trace(Array(text.joined(separator: "\n").utf8))
}

/// A disk that some calls were made on, in the data directory `/d` and the working directory `/w`, and
/// what each of them has done.
func replayed(
  _ lines: [String], on fileSystem: FileSystem = .posix
) throws -> (disk: RecordedDisk, happenings: [Happening]) {
  let trace = try trace(of: lines)
  var disk = RecordedDisk(root: "/d", on: fileSystem)
  disk.start(trace, workingDirectory: "/w")
  let happenings = trace.events.compactMap { disk.apply($0, of: trace) }
  return (disk, happenings)
}

func disk(_ lines: String..., on fileSystem: FileSystem = .posix) throws -> RecordedDisk {
  try replayed(lines, on: fileSystem).disk
}

extension RecordedDisk {
  /// What processes read: the files, by their paths.
  var files: [String: String] { Self.texts(image) }

  /// What is there after a loss of power that takes all it can.
  var survivors: [String: String] {
    Self.texts(
      afterPowerLoss(names: .none, bytes: .none) { _ in SystemRandomNumberGenerator() })
  }

  private static func texts(_ image: DiskImage) -> [String: String] {
    DirectoryContents(image).files.mapValues { String(decoding: $0, as: UTF8.self) }
  }
}

let create = #"openat(AT_FDCWD</w>, "/d/a", O_RDWR|O_CREAT, 0666) = 3</d/a>"#
let openDirectory = #"openat(AT_FDCWD</w>, "/d", O_RDONLY|O_DIRECTORY) = 9</d>"#
let syncNames = "fsync(9</d>) = 0"
