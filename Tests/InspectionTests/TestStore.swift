import Basics
import CrashModel
import Disk
import Inspection
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week6Blocks
import Week8Concurrency

/// A directory on a simulated disk, to be inspected.
struct TestStore {
  static let path = "/store/data"
  var image = DiskImage()

  init() {
    image.makeDirectory("/store")
    image.makeDirectory(Self.path)
  }

  /// A directory with these files.
  init(_ files: [String: [UInt8]]) {
    self.init()
    for (name, bytes) in files { put(bytes, name) }
  }

  /// The directory left by an engine that is not closed.
  init(_ use: (SystemCalls) throws(StorageError) -> Void) throws(StorageError) {
    let disk = SimulatedDisk()
    try use(disk.calls)
    image = disk.image
  }

  mutating func put(_ bytes: [UInt8], _ name: String) {
    image.put(bytes, at: "\(Self.path)/\(name)")
  }

  func bytes(_ name: String) -> [UInt8] {
    image.bytes(of: "\(Self.path)/\(name)") ?? []
  }

  mutating func remove(_ name: String) {
    image.removeAll(at: "\(Self.path)/\(name)")
  }

  mutating func flip(_ name: String, at offset: Int) {
    var bytes = bytes(name)
    bytes[offset] ^= 1
    put(bytes, name)
  }

  /// Inspects all of it, or one file.
  func inspected(_ name: String? = nil) throws(NothingOfOurs) -> Inspected {
    let path = name.map { "\(Self.path)/\($0)" } ?? Self.path
    return try Inspected(path, thoroughly: true, calls: SimulatedDisk(image).calls)
  }
}

extension TestStore {
  /// A store of week 8: two batches in log 1, two in log 2, no table.
  static func ofBatches() throws(StorageError) -> TestStore {
    var store = try TestStore { (calls) throws(StorageError) in
      let directory = try Directory(path, calls: calls)
      var (batch, sequence) = (WriteBatch("apple", .value("5")), 1 as UInt64)
      batch.delete("fig")
      let pear = WriteBatch("pear", .value("for every basket"))
      let others = [WriteBatch("fig", .tombstone), WriteBatch("plum", .value("5"))]
      for (number, batches) in [(1, [batch, pear]), (2, others)] {
        let options = LogOptions(allocation: 128)
        var log = try BatchLog(creating: number, in: directory, options: options)
        for batch in batches {
          log.add(batch, at: sequence, synced: sequence - 1)
          sequence += UInt64(batch.rows.count)
          try log.write(syncs: true)
        }
      }
    }
    let manifest = #"{"firstLog":1,"levels":[[]],"nextTable":1,"sequence":0}"#
    store.put(Forgery.manifest(week: 8, manifest), "MANIFEST")
    return store
  }

  /// A store of week 6: nine keys in a table at level 0, two records in the log.
  static func ofBlocks() throws(StorageError) -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      var options = BlockEngine.Options()
      options.log.allocation = 128
      options.blocks = BlockOptions(blockLength: 64, restartInterval: 2)
      var engine = try BlockEngine(path, options, calls: calls)
      for key: Key in ["apple", "apricot", "banana", "blueberry", "cherry", "elder", "fig"] {
        try engine.set(key, to: "for every basket")
      }
      try engine.delete("date")
      try engine.flush()
      try engine.set("pear", to: "5 \"big\" ones\n")
      try engine.delete("fig")
    }
  }

  /// A store of week 5: two tables merged into one at level 1, and one at level 0.
  static func ofLevels() throws(StorageError) -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      var options = LeveledEngine.Options()
      options.memtable.limit = 2
      options.levels.level0Limit = 2
      var engine = try LeveledEngine(path, options, calls: calls)
      for key: Key in ["pear", "apple", "fig", "cherry", "grape", "banana"] {
        try engine.set(key, to: "5")
      }
    }
  }

  /// A store of week 2: two tables.
  static func ofTables() throws(StorageError) -> TestStore {
    try TestStore { (calls) throws(StorageError) in
      var options = LSMEngine.Options()
      options.memtable.limit = 2
      var engine = try LSMEngine(path, options, calls: calls)
      for key: Key in ["pear", "apple", "fig", "cherry"] { try engine.set(key, to: "5") }
    }
  }
}
