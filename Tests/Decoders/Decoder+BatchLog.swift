import Basics
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week8Concurrency

extension Decoder {
  /// Two logs, one after the other. The last byte holds where the second begins, so mutations move it.
  public static let batchLog = Decoder("batch log", samples: batchLogs, sealedBy: sealedBatchLogs) {
    bytes in
    let logs = split(bytes)
    let files = [LogName.fileName(1): Array(logs.first), LogName.fileName(2): Array(logs.second)]
    return batchLogFault(MemoryDirectory(files))
  }

  private static func split(_ bytes: [UInt8]) -> (
    first: ArraySlice<UInt8>, second: ArraySlice<UInt8>
  ) {
    let second = Int(bytes.last ?? 0)
    return (bytes.dropLast(second), bytes.suffix(second))
  }

  @Sendable
  private static func sealedBatchLogs(_ bytes: [UInt8]) -> [UInt8] {
    let logs = split(bytes)
    return sealed(Array(logs.first), log: 1) + sealed(Array(logs.second), log: 2)
  }

  /// As in notes/formats.md: the checksum of the body at 8, and that of the header and its place at 0.
  private static func sealed(_ bytes: [UInt8], log: UInt32) -> [UInt8] {
    var sealed = bytes
    var start = 0
    func put(_ checksum: UInt32, at offset: Int) {
      for i in 0..<4 { sealed[offset + i] = UInt8(truncatingIfNeeded: checksum >> (8 * i)) }
    }
    while start + 32 < bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 4 + $1]) << (8 * $1) }
      let end = start + 32 + length
      guard end <= bytes.count else { break }
      put(Checksum.of(sealed[(start + 32)..<end]), at: start + 8)
      let place = UInt32(truncatingIfNeeded: start) ^ (log &* 0x9e37_79b9)
      put(Checksum.of(sealed[(start + 4)..<(start + 32)]) ^ place, at: start)
      start = end
    }
    return sealed
  }

  /// Replayed writes must be numbered without a gap, and complete from then on: a second start
  /// finds the same, and nothing more to drop. An error must point into a log.
  private static func batchLogFault(_ disk: MemoryDirectory) -> String? {
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      let (first, replay) = try replayedWrites(directory)
      try replay.finish(in: directory)
      let (second, again) = try replayedWrites(directory)
      if again.droppedBytes > 0 { return "what was dropped is there again" }
      return first == second ? nil : "after a start there are other writes"
    } catch {
      return disk.isDamage(error) ? nil : "\(error)"
    }
  }

  private static func replayedWrites(
    _ directory: Directory
  ) throws(StorageError) -> ([String], BatchLogReplay) {
    var writes: [String] = []
    let replay = try BatchLogReplay(in: directory, from: 1, after: 0) { row, number in
      writes.append("\(number) \(row.key) \(row.payload)")
    }
    return (writes, replay)
  }

  private static let batchLogs: [[UInt8]] = [
    logs(syncs: true), logs(syncs: false), [UInt8](repeating: 0, count: 64), [],
  ]

  /// Logs that the engine wrote, and the length of the second.
  private static func logs(syncs: Bool) -> [UInt8] {
    let disk = MemoryDirectory([:])
    guard let directory = try? Directory(MemoryDirectory.path, calls: disk.calls) else { return [] }
    for number in 1...2 {
      let options = LogOptions(allocation: 0)
      guard var log = try? BatchLog(creating: number, in: directory, options: options) else {
        return []
      }
      for write in UInt64(number * 2 - 1)...UInt64(number * 2) {
        let entry = write % 2 == 0 ? Entry.tombstone : .value("v")
        log.add(WriteBatch("k", entry), at: write, synced: syncs ? write - 1 : 0)
      }
      try? log.write(syncs: syncs)
    }
    let second = disk.bytes(of: LogName.fileName(2)) ?? []
    let zeros = [UInt8](repeating: 0, count: 3)
    return (disk.bytes(of: LogName.fileName(1)) ?? []) + second + zeros + [UInt8(second.count + 4)]
  }
}
