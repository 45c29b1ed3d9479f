import Disk
import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction
import Week5Leveling

struct ScanCursorTests {
  /// Tables and a memtable, written as `key=value`, or `key` alone for a tombstone.
  private struct Store: ~Copyable {
    private let temporary = TemporaryDirectory()
    private let directory: Directory
    private var number = 0

    init() throws {
      directory = try Directory(temporary.path)
    }

    static func rows(_ text: String) throws -> [Row<Entry>] {
      try text.split(separator: " ").map { row in
        let parts = row.split(separator: "=")
        let entry = parts.count == 1 ? Entry.tombstone : .value(try Value(String(parts[1])))
        return Row(try Key(String(parts[0])), entry)
      }
    }

    mutating func table(_ text: String) throws -> SSTable<Entry> {
      number += 1
      var writer = try SSTableWriter<Entry>(number: number, in: directory)
      for row in try Self.rows(text) { try writer.append(row) }
      return try writer.finish()
    }

    mutating func cursor(
      from start: Key, to end: Key, memory: String, levels: [[String]]
    ) throws -> ScanCursor<SortedRows<Entry>, SSTable<Entry>> {
      var tables: [[SSTable<Entry>]] = []
      for level in levels {
        tables.append([])
        for text in level { tables[tables.count - 1].append(try table(text)) }
      }
      return try ScanCursor(
        from: start, to: end, memory: SortedRows(try Self.rows(memory)),
        levels: Levels(tables, options: LevelOptions()))
    }
  }

  private let levels = [["a=old c=1", "a=new f"], ["b=1 c=0", "e=1 f=1 g=1"]]

  @Test("of each key the newest row counts: of memory, of the last table of level 0, of the levels")
  func newest() throws {
    var store = try Store()
    var cursor = try store.cursor(from: "a", to: "z", memory: "b=2 e", levels: levels)
    var rows: [String] = []
    while let row = try cursor.next() { rows.append("\(row.key)=\(row.payload)") }
    #expect(rows == ["a=new", "b=2", "c=1", "g=1"])
  }

  @Test("it begins at its start, whether that key is there or not, and ends before its end")
  func bounds() throws {
    var store = try Store()
    for (start, end, expected) in [
      ("b", "e", ["b", "c"]), ("bb", "g", ["c", "e"]), ("d", "d", []), ("h", "z", []),
    ] as [(Key, Key, [String])] {
      var cursor = try store.cursor(from: start, to: end, memory: "", levels: levels)
      var keys: [String] = []
      while let row = try cursor.next() { keys.append(row.key.text) }
      #expect(keys == expected, "from \(start) to \(end)")
    }
  }

  @Test("a piece examines so many rows, deleted ones included, and may have none that live")
  func examining() throws {
    var store = try Store()
    var cursor = try store.cursor(from: "a", to: "z", memory: "a b c d=1", levels: [["e=1"]])
    #expect(try cursor.next(examining: 2)?.count == 0)
    #expect(try cursor.next(examining: 2)?.map(\.key.text) == ["d"])
    #expect(try cursor.next(examining: 2)?.map(\.key.text) == ["e"])
    #expect(try cursor.next(examining: 2) == nil)
  }

  @Test("the rows of a memtable are sorted, from a key up to, and without, another")
  func memtable() {
    var memtable = Memtable<Value>()
    for key in ["d", "a", "c", "b"] as [Key] { memtable.set(key, to: "1") }
    var rows = memtable.rows(from: "b", to: "d")
    #expect(rows.next()?.key == "b" && rows.next()?.key == "c" && rows.next() == nil)
  }
}
