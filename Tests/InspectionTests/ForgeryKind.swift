import TestSupport

/// A way in which bad memory or a bug corrupts a table before its checksums are computed.
enum ForgeryKind: String, CaseIterable {
  case rowsPermuted, keyRepeated, keyOfNextBlock, blocksSwapped, blockEmptied
  case firstKeyBeforeRange, lastKeyAfterRange, rangeNarrowed, rangeInManifest
  case separatorRaised, separatorLowered, separatorsExchanged, separatorOutOfRange, firstSeparator
  case restartsForged, sharedForged, keyTooLong, countsForged

  /// Forges `table`, which must be sound and have three or more blocks.
  func forge(_ table: inout ForgedTable, using generator: inout SeededGenerator) {
    let last = table.blocks.count - 1
    let place = Int.random(in: 0...last, using: &generator)
    let later = Int.random(in: 1...last, using: &generator)
    let rows = table.blocks[place].rows
    switch self {
    case .rowsPermuted:
      while zip(table.blocks[place].rows, rows).allSatisfy({ $0.key == $1.key }) {
        table.blocks[place].rows.shuffle(using: &generator)
      }
    case .keyRepeated:
      let row = Int.random(in: 0..<rows.count, using: &generator)
      table.blocks[place].rows.insert((rows[row].key, "again"), at: row)
    case .keyOfNextBlock:
      table.blocks[later - 1].rows.append(table.blocks[later].rows[0])
    case .blocksSwapped:
      let other = (later + Int.random(in: 1...last, using: &generator)) % (last + 1)
      (table.blocks[later].rows, table.blocks[other].rows) =
        (table.blocks[other].rows, table.blocks[later].rows)
    case .blockEmptied: table.blocks[place].rows = []
    case .firstKeyBeforeRange:
      table.blocks[0].rows[0].key = ["!", "k0", "k097"].randomElement(using: &generator) ?? "!"
    case .lastKeyAfterRange:
      let count = table.blocks[last].rows.count
      let after = [table.range.upperBound + "0", "k1995", "~"].randomElement(using: &generator)
      table.blocks[last].rows[count - 1].key = after ?? "~"
    case .rangeNarrowed:
      let (first, end) = (table.blocks[0].rows[1].key, table.blocks[last].rows[0].key)
      table.range =
        Bool.random(using: &generator)
        ? first...table.range.upperBound : table.range.lowerBound...end
    case .rangeInManifest:
      table.rangeInManifest = table.range.lowerBound...table.blocks[last].rows[0].key
    case .separatorRaised:
      let raised = table.blocks[later].rows.dropFirst().randomElement(using: &generator)
      table.blocks[later].separator = raised?.key ?? ""
    case .separatorLowered:
      let lowered = table.blocks[later - 1].rows.dropFirst().randomElement(using: &generator)
      table.blocks[later].separator = lowered?.key ?? ""
    case .separatorsExchanged:
      let other = later == 1 ? last : later - 1
      (table.blocks[later].separator, table.blocks[other].separator) =
        (table.blocks[other].separator, table.blocks[later].separator)
    case .separatorOutOfRange:
      if Bool.random(using: &generator) {
        table.blocks[1].separator = table.range.lowerBound
      } else {
        table.blocks[last].separator = table.range.upperBound + "0"
      }
    case .firstSeparator: table.blocks[0].separator = "!"
    case .restartsForged:
      let forgeries: [([Int]) -> [Int]] = [
        { [$0[0]] + $0[1...].map { $0 + 1 } }, { $0 + [$0[1]] }, { $0 + [0] },
        { [$0[0], $0[1] + 1] + $0[2...] },
      ]
      table.blocks[place].forgeRestarts = forgeries.randomElement(using: &generator) ?? { $0 }
      table.blocks[place].isSearchable = false
    case .sharedForged:
      let less = Int.random(in: 1...2, using: &generator)
      table.blocks[place].forgeShared = { max(0, $0 - less) }
      table.blocks[place].isSearchable = false
    case .keyTooLong:
      table.blocks[place].rows.append(
        ((rows.last?.key ?? "") + String(repeating: "0", count: 1_100), "5"))
      table.blocks[place].isSearchable = false
    case .countsForged:
      table.entries = [0, 1, 1 << 40, .max - 1, .max].randomElement(using: &generator)
      if table.entries == 1 { table.tombstones = 2 }
    }
  }
}
