/// A call, as far as it can change what is on a disk, or what a descriptor of the process means.
package enum DiskCall: Equatable, Sendable {
  case open(Place, OpenFlags)
  /// At an offset, or where the descriptor is.
  case write(Int, [UInt8], at: Int?, OpenFlags = [])
  case truncate(Target, length: Int)
  case allocate(Int, Allocation, offset: Int, length: Int)
  case rename(Place, to: Place, exchanges: Bool)
  case link(Place, to: Place)
  case remove(Place)
  case makeDirectory(Place)
  case sync(Int)
  /// Everything on every disk.
  case syncAll
  /// Of a file, without any promise.
  case startWriting(Int)
  /// Of files that are mapped.
  case syncMemory
  /// Between two descriptors, each at an offset or where it is.
  case copy(Int, at: Int?, to: Int, offset: Int?)
  /// All of a file, to another.
  case clone(Int, to: Int)
  /// Between a file and a pipe, whose number is in its name.
  case fill(String, from: Int, at: Int?)
  case drain(String, to: Int, at: Int?)
  /// The bytes that were read move a descriptor on.
  case read(Int)
  case seek(Int)
  case duplicate(Int)
  case close(ClosedRange<Int>)
  case changeDirectory(String)
  case startThread(sharesDescriptors: Bool)
  /// Bytes to a client.
  case send(socket: String)
  case map(Int)
  /// It may change the disk, and what it does to it cannot be seen from the call.
  case unseen(String)

  /// A file by its descriptor or its name.
  package enum Target: Equatable, Sendable {
    case descriptor(Int)
    case place(Place)
  }

  package enum Allocation: Equatable, Sendable {
    case grows, keepsSize, zeroes
  }
}

/// A name in a call: relative to a directory, or to where the process is.
package struct Place: Equatable, Sendable {
  package var directory: String?
  package var name: String

  package init(_ name: String, in directory: String? = nil) {
    self.name = name
    self.directory = directory
  }

  /// The absolute path, without `.` and `..`.
  package func path(from workingDirectory: String) -> String {
    let whole =
      name.hasPrefix("/") ? name : "\(directory ?? workingDirectory)/\(name)"
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}

package struct OpenFlags: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package static let creates = OpenFlags(rawValue: 1)
  package static let cuts = OpenFlags(rawValue: 2)
  package static let appends = OpenFlags(rawValue: 4)
  /// Each write is on the disk when it returns: `O_SYNC`, `O_DSYNC`.
  package static let syncs = OpenFlags(rawValue: 8)
  /// A file without a name: `O_TMPFILE`.
  package static let isNameless = OpenFlags(rawValue: 16)

  init(_ value: TraceValue?) {
    self = []
    for flag in value?.flags ?? [] {
      switch flag {
      case "O_CREAT": insert(.creates)
      case "O_TRUNC": insert(.cuts)
      case "O_APPEND", "RWF_APPEND": insert(.appends)
      case "O_SYNC", "O_DSYNC", "RWF_SYNC", "RWF_DSYNC": insert(.syncs)
      case "O_TMPFILE": insert(.isNameless)
      default: break
      }
    }
  }
}
