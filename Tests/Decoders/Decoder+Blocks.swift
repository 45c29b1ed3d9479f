import Basics
import Disk
import TestSupport
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling
import Week6Blocks

extension Decoder {
  public static let blockTable = Decoder("block-table", samples: blockTables, sealedBy: sealed) {
    bytes in
    let record = TableRecord(
      file: "sst-000001.blocks", entries: entries(saidBy: bytes), bytes: bytes.count,
      crc32c: Checksum.text(Checksum.of(Array(bytes.suffix(footerLength).prefix(36)))))
    let disk = MemoryDirectory([record.file: bytes])
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      let table = try BlockTable.open(record, in: directory, options(blockLength: 64))
      if let fault = try fault(of: table) { return fault }
      return try compactionFault(of: table, in: directory)
    } catch {
      return disk.isDamage(error) ? nil : "\(error)"
    }
  }

  private static func options(blockLength: Int) -> BlockTable.Options {
    BlockTable.Options(
      BlockOptions(blockLength: blockLength, restartInterval: 3), cache: BlockCache(capacity: 1000))
  }

  /// Rows must come in order, within the table's range, and a get must find each of them.
  private static func fault(of table: BlockTable) throws(StorageError) -> String? {
    var rows = RunCursor([table])
    var count = 0
    var previous: Key?
    while let row = try rows.next() {
      count += 1
      if count > table.record.bytes / 3 { return "more than \(count) rows" }
      if let previous, row.key <= previous { return "\(row.key) comes after \(previous)" }
      if !table.keyRange.contains(row.key) { return "\(row.key) is out of range" }
      previous = row.key
      if count % 8 != 1 { continue }
      if try table.get(row.key) != row.payload { return "\(row.key) is there and not found" }
      var from = try RunCursor([table], from: row.key)
      if try from.next()?.key != row.key { return "a cursor from \(row.key) begins elsewhere" }
    }
    return nil
  }

  /// Compacts the whole table together with a sound one that it overlaps.
  private static func compactionFault(
    of table: BlockTable, in directory: Directory
  ) throws(StorageError) -> String? {
    var keys = ["0", "k12", "k30", "~"].compactMap { try? Key($0) }
    keys.removeAll { $0 == table.keyRange.lowerBound }
    var rows = SortedRows(keys.map { Row($0, Entry.tombstone) })
    let sound = try BlockTable.write(number: 2, in: directory, options(blockLength: 32)) {
      rows.next()
    }
    let levels = Levels([[sound, table]], options: LevelOptions(level0Limit: 1, tableLimit: 7))
    var tables = TableSet(levels, week: 6, numbers: TableNumbers(next: 3), in: directory)
    try LeveledCompactor(options(blockLength: 48)).runAllSteps(on: &tables)
    let ranges = tables.current[1].map(\.keyRange)
    return zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound }
      ? nil : "a compaction writes tables that overlap"
  }

  /// Tables of one block and of several, with every kind of entry.
  private static let blockTables: [[UInt8]] = [(1, 4096), (3, 24), (40, 128)].map { count, length in
    let disk = MemoryDirectory([:])
    do throws(StorageError) {
      let directory = try Directory(MemoryDirectory.path, calls: disk.calls)
      var writer = try BlockTableWriter(
        number: 1, in: directory, options(blockLength: length))
      for i in 0..<count {
        guard let key = try? Key("k\(i + 10)"), let value = try? Value("\(i * i)") else { continue }
        try writer.append(Row(key, i % 5 == 4 ? .tombstone : .value(value)))
      }
      return disk.bytes(of: try writer.finish().record.file) ?? []
    } catch {
      preconditionFailure("\(error)")
    }
  }
}

// The checksums of a table are a tree: they are corrected from the leaves to the root.
extension Decoder {
  private static let footerLength = 48

  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    let footer = bytes.count - footerLength
    guard footer >= 0 else { return bytes }
    if let index = range(in: bytes, at: footer, below: footer) { sealBlocks(of: index, in: &bytes) }
    for handle in [footer, footer + 16] {
      if let block = range(in: bytes, at: handle, below: footer) {
        put(Checksum.of(Array(bytes[block])), at: handle + 12, in: &bytes)
      }
    }
    put(Checksum.of(Array(bytes[footer..<footer + 36])), at: footer + 36, in: &bytes)
    return bytes
  }

  /// Puts the checksum of each data block into its entry of the index.
  private static func sealBlocks(of index: Range<Int>, in bytes: inout [UInt8]) {
    var position = index.lowerBound
    while let shared = varint(in: bytes, at: &position, index.upperBound), shared == 0,
      let unshared = varint(in: bytes, at: &position, index.upperBound),
      let length = varint(in: bytes, at: &position, index.upperBound),
      length >= 6, position + unshared + length <= index.upperBound
    {
      var handle = position + unshared
      position = handle + length
      guard let start = varint(in: bytes, at: &handle, position),
        let count = varint(in: bytes, at: &handle, position), handle + 4 == position,
        start <= index.lowerBound, count <= index.lowerBound - start
      else { continue }
      put(Checksum.of(Array(bytes[start..<start + count])), at: handle, in: &bytes)
    }
  }

  /// The range of a block according to the footer: an offset of eight bytes and a length of four.
  private static func range(
    in bytes: [UInt8], at place: Int, below end: Int
  ) -> Range<Int>? {
    let number = { (range: Range<Int>) in range.reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) } }
    guard bytes[place + 7] == 0 else { return nil }
    let start = number(place..<place + 8)
    let length = number(place + 8..<place + 12)
    return start <= end && length <= end - start ? start..<start + length : nil
  }

  private static func varint(in bytes: [UInt8], at position: inout Int, _ end: Int) -> Int? {
    var number = 0
    for shift in stride(from: 0, to: 28, by: 7) where position < end {
      let byte = bytes[position]
      position += 1
      number |= Int(byte & 0x7f) << shift
      if byte < 0x80 { return number }
    }
    return nil
  }

  private static func put(_ checksum: UInt32, at place: Int, in bytes: inout [UInt8]) {
    for i in 0..<4 { bytes[place + i] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(i))) }
  }

  /// The number of entries according to the properties.
  private static func entries(saidBy bytes: [UInt8]) -> Int {
    let name = Array("entries".utf8)
    guard bytes.count > name.count,
      let start = (0..<bytes.count - name.count).last(where: { bytes[$0...].starts(with: name) })
    else { return 0 }
    let digits = bytes[(start + name.count)...].prefix { (48...57).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self)) ?? 0
  }
}
