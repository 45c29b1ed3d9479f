import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction

extension TestStore {
  /// Of week 2, 3 or 4: a table of two rows; from week 3 on a record in the log, and from week 4 on
  /// another one with a tombstone.
  static func ofWeek(_ week: Int) throws(StorageError) -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      switch week {
      case 2: try useWeek2(calls)
      case 3: try useWeek3(calls)
      default: try useWeek4(calls)
      }
    }
  }

  private static func useWeek2(_ calls: SystemCalls) throws(StorageError) {
    var options = LSMEngine.Options()
    options.memtable.limit = 2
    var engine = try LSMEngine(path, options, calls: calls)
    try engine.set("pear", to: "a \"b\"\n")
    try engine.set("apple", to: "5")
  }

  private static func useWeek3(_ calls: SystemCalls) throws(StorageError) {
    var options = DurableEngine.Options()
    options.memtable.limit = 2
    options.log.allocation = 0
    var engine = try DurableEngine(path, options, calls: calls)
    try engine.set("pear", to: "a \"b\"\n")
    try engine.set("apple", to: "5")
    try engine.set("kiwi", to: "")
  }

  private static func useWeek4(_ calls: SystemCalls) throws(StorageError) {
    var options = CompactingEngine.Options()
    options.memtable.limit = 3
    options.log.allocation = 0
    var engine = try CompactingEngine(path, options, calls: calls)
    try engine.set("pear", to: "a \"b\"\n")
    try engine.set("apple", to: "5")
    try engine.flush()
    try engine.set("kiwi", to: "")
    try engine.delete("apple")
  }

  /// Puts `new` in the place of the first `old`.
  mutating func replace(_ old: String, by new: String, in name: String) {
    let bytes = bytes(name)
    guard let range = bytes.firstRange(of: Array(old.utf8)) else { return }
    put(
      Array(bytes[..<range.lowerBound]) + Array(new.utf8) + Array(bytes[range.upperBound...]), name)
  }
}
