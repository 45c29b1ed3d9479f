import Foundation

/// A byte of a file to change.
struct DamagePlace: Sendable {
  let file: URL
  let byte: Int
}

extension CheckedServer {
  /// How many bytes are changed anywhere, and how many where no value is.
  private static let places = (anywhere: 12, outside: 60)

  /// Random bytes of the largest table: some anywhere, and more outside `values`. Every server has a format of its
  /// own, and only the values are known. Outside them are the keys, the index, the filter and the footer.
  func damagePlaces(outside values: [String]) async throws -> [DamagePlace] {
    try await filesOfLargestTable().flatMap { file in
      let bytes = try Data(contentsOf: file)
      let places =
        spread(Self.places.anywhere, over: Array(bytes.indices))
        + spread(Self.places.outside, over: Self.indices(of: bytes, outside: values))
      return Set(places).map { DamagePlace(file: file, byte: $0) }.sorted { $0.byte < $1.byte }
    }
  }

  /// A table may be several files, with one for its index: their names differ after the last dot.
  private func filesOfLargestTable() async throws -> [URL] {
    let (tables, directory) = (try await tables(), try await site().directory)
    guard let largest = tables.largest.first else { return [] }
    let stem = Self.stem(largest.name)
    let names = tables.files.keys.filter {
      Self.stem($0) == stem && tables.files[$0]?.size ?? 0 > 0
    }
    return names.sorted().map { directory.appending(path: $0) }
  }

  private static func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }

  /// Where no value is. If no value can be found, as in compressed blocks, the last twentieth: most formats have
  /// their index, filter and footer there.
  private static func indices(of bytes: Data, outside values: [String]) -> [Int] {
    var indices = IndexSet(integersIn: bytes.startIndex..<bytes.endIndex)
    for value in values {
      if let range = bytes.range(of: Data(value.utf8)) { indices.remove(integersIn: range) }
    }
    return indices.count == bytes.count
      ? Array(bytes.indices.suffix(bytes.count / 20 + 1)) : Array(indices)
  }

  /// One of `items` in each of so many parts of them.
  private func spread(_ count: Int, over items: [Int]) -> [Int] {
    let count = min(count, items.count)
    return (0..<count).map { part in
      let (start, end) = (part * items.count / count, (part + 1) * items.count / count)
      return items[start + random.below(end - start)]
    }
  }
}
