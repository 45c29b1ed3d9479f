import Basics
import Week1Memory
import Week2LSM
import Week4Compaction

/// An entry in the arena: a key, what was set for it, and when. It never changes.
///
/// In bytes from its start:
///
///     0   sequence       64 bits
///     8   older          32 bits: the entry of the same key before this one, or none
///     12  value length   32 bits, or `tombstone`
///     16  key length     16 bits
///     18  the key, and then the value
struct StoredEntry {
  static let headerBytes = 18
  static let tombstone = UInt32.max

  let offset: Int

  var sequence: Int { offset }
  var older: Int { offset + 8 }
  var valueLength: Int { offset + 12 }
  var keyLength: Int { offset + 16 }
  var key: Int { offset + Self.headerBytes }
}

extension SharedArena {
  func makeEntry(
    _ key: Span<UInt8>, _ entry: Entry, at sequence: UInt64, older: Child = .none
  ) -> StoredEntry {
    let size = StoredEntry.headerBytes + key.count + entry.byteCount
    let stored = StoredEntry(offset: allocate(size))
    store(sequence, at: stored.sequence)
    store(older.word, at: stored.older)
    store(UInt16(key.count), at: stored.keyLength)
    store(key, at: stored.key)
    if let value = entry.value?.bytes.slice {
      store(UInt32(value.count), at: stored.valueLength)
      store(value.span, at: stored.key + key.count)
    } else {
      store(StoredEntry.tombstone, at: stored.valueLength)
    }
    return stored
  }

  /// The newest entry of the key whose number is at most `sequence`: this one, or one behind it.
  /// O(entries of the key that are newer).
  func version(of entry: StoredEntry, at sequence: UInt64) -> StoredEntry? {
    var entry = entry
    while load(UInt64.self, at: entry.sequence) > sequence {
      guard let older = Child(word: load(UInt32.self, at: entry.older)).entry else { return nil }
      entry = older
    }
    return entry
  }

  /// The range of the key's bytes.
  func key(of entry: StoredEntry) -> Range<Int> {
    entry.key..<entry.key + Int(load(UInt16.self, at: entry.keyLength))
  }

  /// The length of the value; nil for a tombstone.
  private func valueLength(of entry: StoredEntry) -> Int? {
    let length = load(UInt32.self, at: entry.valueLength)
    return length == StoredEntry.tombstone ? nil : Int(length)
  }

  /// The range of the bytes of the key, followed by those of the value.
  func content(of entry: StoredEntry) -> Range<Int> {
    entry.key..<key(of: entry).upperBound + (valueLength(of: entry) ?? 0)
  }

  /// A copy of what was set for the key.
  func payload(of entry: StoredEntry) -> Entry {
    guard let length = valueLength(of: entry) else { return .tombstone }
    let start = key(of: entry).upperBound
    var bytes: [UInt8] = []
    append(start..<start + length, to: &bytes)
    return .value(Value(stored: Bytes(sharing: bytes, in: 0..<length)))
  }

  /// Appends copies of entries, which share one buffer of `bytes` bytes.
  func appendRows(
    of entries: some Sequence<StoredEntry>, bytes: Int, to rows: inout [Row<Entry>]
  ) {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(bytes)
    for entry in entries { append(content(of: entry), to: &buffer) }
    var start = 0
    for entry in entries {
      let content = content(of: entry)
      let (middle, end) = (start + key(of: entry).count, start + content.count)
      let key = Key(stored: Bytes(sharing: buffer, in: start..<middle))
      let isValue = valueLength(of: entry) != nil
      rows.append(
        Row(
          key,
          isValue ? .value(Value(stored: Bytes(sharing: buffer, in: middle..<end))) : .tombstone))
      start = end
    }
  }
}
