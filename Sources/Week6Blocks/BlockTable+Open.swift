import Basics
public import Disk
public import Week1Memory
public import Week2LSM
import Week5Leveling

extension BlockTable {
  /// Opens the table that `record` names, and verifies its length, footer, index and properties.
  /// Data blocks are verified when they are read. O(blocks).
  public static func open(
    _ record: TableRecord, in directory: Directory, _ options: Options
  ) throws(StorageError) -> BlockTable {
    let file = try directory.open(record.file)
    let size = try file.size()
    if size != record.bytes {
      throw .corrupt(
        file: file.path, offset: min(size, record.bytes),
        reason: "it has \(size) bytes, and the manifest says \(record.bytes)")
    }
    let tail = max(0, size - TableFooter.length)
    let footerBytes = try file.read(at: tail, count: TableFooter.length)
    let footer = try decoding(file, at: tail) { () throws(MalformedText) in
      try TableFooter(footerBytes, ofFile: size)
    }
    let crc32c = Checksum.text(footer.checksum)
    guard crc32c == record.crc32c else {
      let reason = "the checksum of its footer is \(crc32c), and the manifest says \(record.crc32c)"
      throw .corrupt(file: file.path, offset: tail, reason: reason)
    }
    let indexBytes = try bytes(of: footer.index, in: file)
    let index = try decoding(file, at: footer.index.offset) { () throws(MalformedText) in
      try BlockIndex(indexBytes, upTo: footer.index.offset)
    }
    let propertiesBytes = try bytes(of: footer.properties, in: file)
    let properties = try decoding(file, at: footer.properties.offset) {
      () throws(MalformedText) in try TableProperties(propertiesBytes)
    }
    guard properties.entries == record.entries, let number = TableRecord.number(inName: record.file)
    else {
      let reason = "it has \(properties.entries) entries, and the manifest says \(record.entries)"
      throw .corrupt(file: file.path, offset: footer.properties.offset, reason: reason)
    }
    // So that no sum over tables overflows: a checksum does not guarantee a plausible count.
    let mostEntries = footer.index.offset / Block.leastEntryLength
    guard (index.count...max(index.count, mostEntries)).contains(properties.entries),
      properties.tombstones <= properties.entries
    else {
      let counts = "\(properties.entries) entries and \(properties.tombstones) tombstones"
      let reason = "its blocks cannot have \(counts)"
      throw .corrupt(file: file.path, offset: footer.properties.offset, reason: reason)
    }
    try decoding(file, at: footer.index.offset) { () throws(MalformedText) in
      try index.verifySeparators(in: properties.firstKey...properties.lastKey)
    }
    return BlockTable(
      record, number: number, properties: properties, at: footer.properties.offset, index: index,
      file: file, cache: options.cache)
  }

  private static func bytes(
    of handle: BlockHandle, in file: borrowing File
  ) throws(StorageError) -> [UInt8] {
    let bytes = try file.read(at: handle.offset, count: handle.length)
    guard Checksum.of(bytes) == handle.checksum else {
      let reason = "its checksum is not the one that the footer says"
      throw .corrupt(file: file.path, offset: handle.offset, reason: reason)
    }
    return bytes
  }

  private static func decoding<Result>(
    _ file: borrowing File, at offset: Int, _ decode: () throws(MalformedText) -> Result
  ) throws(StorageError) -> Result {
    do throws(MalformedText) {
      return try decode()
    } catch {
      throw .corrupt(file: file.path, offset: offset + error.offset, reason: error.reason)
    }
  }
}
