import Basics
import Disk
import Week1Memory
import Week2LSM
import Week4Compaction
import Week6Blocks
import Week7BloomTrie

/// What a block table has at its end.
struct BlockTableEnds: Sendable {
  let footer: TableFooter
  var index: BlockIndex?
  var properties: TableProperties?
  /// From week 7 on.
  var filter: BloomFilter?
}

extension TableInspection {
  /// Reads a block table from its footer: every block whose location is known, one at a time.
  init(blocks file: borrowing File, _ named: NamedTable?) {
    self.init(file.path, named)
    form = "blocks"
    do throws(StorageError) {
      size = try file.size()
      named?.compare(size: size, in: path, &diagnosis)
      try inspectFooter(of: file)
      try inspectEnds(of: file)
      try inspectBlocks(of: file)
    } catch {
      diagnosis.fault(error, in: path)
    }
  }

  private mutating func inspectFooter(of file: borrowing File) throws(StorageError) {
    let tail = max(0, size - TableFooter.length)
    let bytes = try file.read(at: tail, count: TableFooter.length)
    do throws(MalformedText) {
      ends = BlockTableEnds(footer: try TableFooter(bytes, ofFile: size))
    } catch {
      fault(at: min(size, tail + error.offset), error.reason)
    }
    guard let named, let footer = ends?.footer else { return }
    let (crc32c, said) = (Checksum.text(footer.checksum), named.record.crc32c)
    if crc32c != said {
      fault(at: tail, "the checksum of its footer is \(crc32c), and the manifest says \(said)")
    }
  }

  private mutating func inspectEnds(of file: borrowing File) throws(StorageError) {
    guard let footer = ends?.footer else { return }
    if let bytes = try bytes(of: footer.index, "index", in: file) {
      do throws(MalformedText) {
        ends?.index = try BlockIndex(bytes, upTo: footer.index.offset)
      } catch {
        fault(at: footer.index.offset + error.offset, error.reason)
      }
    }
    if let bytes = try bytes(of: footer.properties, "properties", in: file) {
      do throws(MalformedText) {
        let properties = try TableProperties(bytes)
        ends?.properties = properties
        ends?.filter = try properties.others[FilteredTable.property].map {
          (bytes) throws(MalformedText) in try BloomFilter(bytes)
        }
      } catch {
        fault(at: footer.properties.offset + error.offset, error.reason)
      }
    }
    if let properties = ends?.properties {
      named?.compare(
        entries: properties.entries, range: properties.firstKey...properties.lastKey, in: path,
        at: footer.properties.offset, &diagnosis)
    }
  }

  /// The bytes of the index or the properties, if they have the checksum in the footer.
  private mutating func bytes(
    of handle: BlockHandle, _ name: String, in file: borrowing File
  ) throws(StorageError) -> [UInt8]? {
    let bytes = try file.read(at: handle.offset, count: handle.length)
    let (actual, said) = (Checksum.of(bytes), handle.checksum)
    if actual == said { return bytes }
    let found = "the checksum of its \(name) is \(Checksum.text(actual))"
    fault(at: handle.offset, "\(found), and the footer says \(Checksum.text(said))")
    return nil
  }

  private mutating func inspectBlocks(of file: borrowing File) throws(StorageError) {
    guard let index = ends?.index else { return }
    var areAllRead = true
    for place in 0..<index.count {
      // Never nil: the index has been read.
      let handle = index.handle(at: place)
      let separator = index.separator(at: place)
      blocks.append(
        Block(
          offset: handle.offset, length: handle.length,
          separator: separator.description, checksum: handle.checksum))
      let isRead = try inspectBlock(handle, separator, in: file)
      areAllRead = areAllRead && isRead
    }
    if areAllRead { compareWithProperties() }
  }

  private mutating func compareWithProperties() {
    guard let ends, let said = ends.properties else { return }
    let offset = ends.footer.properties.offset
    if said.entries != entries || said.tombstones != tombstones {
      let found = "its blocks have \(entries) entries, \(tombstones) of them tombstones"
      fault(at: offset, "\(found), and its properties say \(said.entries) and \(said.tombstones)")
    }
    if let firstKey, let lastKey, said.firstKey != firstKey || said.lastKey != lastKey {
      let found = "its keys are \(firstKey) to \(lastKey)"
      fault(at: offset, "\(found), and its properties say \(said.firstKey) to \(said.lastKey)")
    }
  }
}
