import Basics
import Disk
import Week1Memory
import Week2LSM
import Week4Compaction

extension TableInspection {
  /// Reads a JSON table line by line, and continues after a bad line.
  init<Payload: RowPayload>(
    json file: borrowing File, _ named: NamedTable?, of _: Payload.Type
  ) {
    self.init(file.path, named)
    form = "JSON"
    var lines = RowLines()
    do throws(StorageError) {
      size = try file.size()
      named?.compare(size: size, in: path, &diagnosis)
      var reader = LineReader()
      while let line = try reader.next(of: file) {
        inspect(line, at: reader.offset, &lines, of: Payload.self)
      }
      end(lines, crc32c: Checksum.text(reader.checksum.value))
    } catch {
      diagnosis.fault(error, in: path)
    }
  }

  /// The position in the lines of a table.
  private struct RowLines {
    enum Place {
      case beforeStart
      case amongRows(endedWithComma: Bool?)
      case afterEnd
    }

    var place = Place.beforeStart
    var index = TableIndex()
    var entries: [Int] = []
  }

  private mutating func inspect<Payload: RowPayload>(
    _ line: ArraySlice<UInt8>, at offset: Int, _ lines: inout RowLines, of _: Payload.Type
  ) {
    switch lines.place {
    case .beforeStart:
      if !line.elementsEqual("[\n".utf8) { fault(at: offset, "a table begins with [") }
      lines.place = .amongRows(endedWithComma: nil)
    case .amongRows(let hadComma) where line.elementsEqual("]\n".utf8):
      if hadComma != false { fault(at: offset, "a row was expected") }
      lines.place = .afterEnd
    case .amongRows(let hadComma):
      if hadComma == false { fault(at: offset, "a table ends with ] after a row without a comma") }
      let hasComma = line.reversed().starts(with: "\n,".utf8)
      lines.place = .amongRows(endedWithComma: hasComma)
      inspectRow(line, hasComma ? 2 : 1, at: offset, &lines, of: Payload.self)
    case .afterEnd:
      fault(at: offset, "the table goes on after its end")
    }
  }

  private mutating func inspectRow<Payload: RowPayload>(
    _ line: ArraySlice<UInt8>, _ ending: Int, at offset: Int, _ lines: inout RowLines,
    of _: Payload.Type
  ) {
    do throws(MalformedText) {
      let row = try Row<Payload>(line: line.dropLast(ending))
      count(row.key, isTombstone: row.payload as? Entry == .tombstone, at: offset)
      lines.index.add(row.key, line: line, at: offset)
      if lines.entries.count < lines.index.blocks.count { lines.entries.append(0) }
      lines.entries[lines.entries.count - 1] += 1
    } catch {
      fault(at: offset + error.offset, error.reason)
    }
  }

  private mutating func end(_ lines: RowLines, crc32c: String) {
    blocks = zip(lines.index.blocks, lines.entries).map { block, entries in
      Block(
        offset: block.offset, length: block.length, entries: entries, firstKey: block.firstKey,
        checksum: block.checksum)
    }
    guard case .afterEnd = lines.place else { return fault(at: size, "the table does not end") }
    guard let named else { return }
    named.compare(entries: entries, range: range, in: path, at: 0, &diagnosis)
    if crc32c != named.record.crc32c {
      fault(at: 0, "its checksum is \(crc32c), and the manifest says \(named.record.crc32c)")
    }
  }
}
