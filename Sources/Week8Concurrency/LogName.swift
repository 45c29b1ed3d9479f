import Disk
import Week1Memory

/// The names of the log files: `log-000001.wal`. Each has a number that no log had before.
public enum LogName {
  /// More logs than anyone will write, and far enough from overflow to keep counting.
  private static let maximumNumber = 1 << 60

  public static func fileName(_ number: Int) -> String {
    let digits = String(number)
    return "log-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".wal"
  }

  /// The number in the name of a log, or nil if `name` is not such a name.
  public static func number(inName name: String) -> Int? {
    guard name.hasPrefix("log-"), name.hasSuffix(".wal"),
      let number = Int(name.dropFirst(4).dropLast(4)), (1...maximumNumber).contains(number),
      fileName(number) == name
    else { return nil }
    return number
  }

  /// The numbers of the logs in the directory from `first` on, ascending.
  ///
  /// The name of a log is durable before the next log is created, and the oldest log is removed
  /// first, so no crash leaves a gap. Throws `corrupt` if a log is missing; `first` may be missing
  /// if there is no log at all and `mayBeNew`.
  static func numbers(
    in directory: Directory, from first: Int, mayBeNew: Bool
  ) throws(StorageError) -> [Int] {
    let numbers = try directory.names().compactMap(number(inName:)).filter { $0 >= first }.sorted()
    if numbers.isEmpty && mayBeNew { return [] }
    // Compares each number with the one expected.
    let gap = zip(first..., numbers).first { $0 != $1 }?.0
    guard let missing = numbers.isEmpty ? first : gap else { return numbers }
    let path = "\(directory.path)/\(fileName(missing))"
    throw .corrupt(file: path, offset: 0, reason: "it is missing")
  }
}
