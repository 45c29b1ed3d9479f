import TestSupport
import Testing
import Week1Memory
import Week2LSM
import Week4Compaction

/// Rows in memory, as a cursor.
private struct ArrayCursor: Cursor {
  var rows: ArraySlice<Row<Value>>

  init(_ rows: KeyValuePairs<Key, Value>) {
    self.rows = rows.map { Row($0.key, $0.value) }[...]
  }

  mutating func next() throws(StorageError) -> Row<Value>? { rows.popFirst() }
}

private func merge(_ sources: [ArrayCursor]) throws -> [String] {
  var cursor = try MergeCursor(sources)
  var merged: [String] = []
  while let row = try cursor.next() { merged.append("\(row.key)=\(row.payload)") }
  return merged
}

struct MergeCursorTests {
  @Test("rows come in the order of their keys, each key once, from the newest source that has it")
  func order() throws {
    let newest = ArrayCursor(["b": "3", "d": "3"])
    let middle = ArrayCursor(["a": "2", "b": "2", "c": "2"])
    let oldest = ArrayCursor(["a": "1", "b": "1", "d": "1", "e": "1"])
    let merged = try merge([newest, middle, oldest])
    #expect(merged == ["a=2", "b=3", "c=2", "d=3", "e=1"])
  }

  @Test("a key in several sources advances each of them once")
  func duplicates() throws {
    // A merge that advances another source than the one whose row it skips loses the rows after it.
    let newer = ArrayCursor(["a": "2", "b": "2", "c": "2"])
    let older = ArrayCursor(["a": "1", "b": "1", "c": "1", "d": "1"])
    let newerFirst = try merge([newer, older])
    let olderFirst = try merge([older, newer])
    #expect(newerFirst == ["a=2", "b=2", "c=2", "d=1"])
    #expect(olderFirst == ["a=1", "b=1", "c=1", "d=1"])
  }

  @Test("no sources, or only empty ones, give no rows")
  func empty() throws {
    #expect(try merge([]) == [])
    #expect(try merge([ArrayCursor([:]), ArrayCursor(["a": "1"]), ArrayCursor([:])]) == ["a=1"])
  }

  @Test("a merge of random sources agrees with a dictionary")
  func random() throws {
    var generator = SeededGenerator.fromEnvironment()
    for _ in 0..<200 {
      let sources = try (0..<Int.random(in: 0...6, using: &generator)).map { source in
        var rows: [Key: Value] = [:]
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
          rows[try Key("k\(Int.random(in: 10...40, using: &generator))")] = try Value("\(source)")
        }
        return rows
      }
      let expected = sources.reduce(into: [:]) { $0.merge($1) { newest, _ in newest } }
      let cursors = sources.map { source in
        var cursor = ArrayCursor([:])
        cursor.rows = source.sorted { $0.key < $1.key }.map { Row($0.key, $0.value) }[...]
        return cursor
      }
      #expect(
        try merge(cursors) == expected.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
        "seed \(generator.seed)")
    }
  }
}
