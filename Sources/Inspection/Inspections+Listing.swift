import Basics
import Week1Memory
import Week2LSM
import Week6Blocks

extension TableInspection {
  var listing: Listing {
    var listing = Listing(path, "a table in \(form)")
    listing.facts = [
      .init("bytes", .number(size)), .init("entries", .number(entries)),
      .init("tombstones", .number(tombstones)),
      .init("first key", .init(firstKey?.description)),
      .init("last key", .init(lastKey?.description)),
    ]
    let properties = ends?.properties.map { "\($0.entries) entries, \($0.tombstones) tombstones" }
    if let properties { listing.facts.append(.init("properties", .text(properties))) }
    for (name, content) in (ends?.properties?.others ?? [:]).sorted(by: { $0.key < $1.key }) {
      listing.facts.append(.init(name, .text("\(content.count) bytes")))
    }
    if let footer = ends?.footer {
      let checksum = Checksum.text(footer.checksum)
      let text = "version \(type(of: footer).version), checksum \(checksum)"
      listing.facts.append(.init("footer", .text(text)))
    }
    listing.tables = [parts]
    return listing
  }

  /// The parts of the file, one after the other.
  private var parts: Listing.Table {
    let columns = ["part", "offset", "length", "entries", "separator", "first key", "checksum"]
    var table = Listing.Table(name: "parts", columns: columns)
    for (place, block) in blocks.enumerated() {
      table.rows.append([
        .text("block \(place)"), .number(block.offset), .number(block.length),
        .number(block.entries), .init(block.separator), .init(block.firstKey?.description),
        .text(Checksum.text(block.checksum)),
      ])
    }
    guard let ends else { return table }
    let (index, properties) = (ends.footer.index, ends.footer.properties)
    for (name, handle, entries) in [
      ("index", index, ends.index?.count), ("properties", properties, nil),
    ] {
      table.rows.append([
        .text(name), .number(handle.offset), .number(handle.length), .init(entries), .none, .none,
        .text(Checksum.text(handle.checksum)),
      ])
    }
    table.rows.append(
      [.text("footer"), .number(properties.end), .number(size - properties.end)]
        + [.none, .none, .none, .none])
    return table
  }
}

extension LogInspection {
  var listing: Listing {
    var listing = Listing(path, "a log")
    listing.facts = facts
    listing.tables = [
      Listing.Table(
        name: "records", columns: ["offset", "length", "unsynced", "key", "value bytes", "value"],
        rows: records.map { record in
          [
            .number(record.offset), .number(record.length), .number(record.unsynced),
            .text(record.key.description), .init(record.value.map { _ in record.valueLength }),
            .text(record.value ?? "(tombstone)"),
          ]
        })
    ]
    return listing
  }

  private var facts: [Listing.Fact] {
    [
      .init("records", .number(records.count)), .init("end", .number(end)),
      .init("torn", .number(torn)), .init("allocated", .number(allocated)),
    ]
  }
}

extension BatchLogInspection {
  var listing: Listing {
    var listing = Listing(path, "a log of batches")
    listing.facts = [
      .init("records", .number(records.count)), .init("end", .number(end)),
      .init("torn", .number(torn)), .init("allocated", .number(allocated)),
    ]
    listing.tables = [
      Listing.Table(
        name: "records", columns: ["offset", "length", "first write", "writes", "synced"],
        rows: records.map { record in
          [
            .number(record.offset), .number(record.length), .init(record.sequence),
            .number(record.writes), .init(record.synced),
          ]
        })
    ]
    return listing
  }
}

extension Listing.Field {
  /// The number of a write, which is always small enough.
  fileprivate init(_ sequence: UInt64) {
    self = .number(Int(clamping: sequence))
  }
}

extension ManifestInspection {
  var listing: Listing {
    var listing = Listing(path, "a manifest")
    guard isRead else { return listing }
    listing.facts = [.init("week", .number(week)), .init("next table", .number(nextTable))]
    if hasBatches {
      listing.facts.append(.init("first log", .number(firstLog)))
      listing.facts.append(.init("last write in tables", .init(sequence)))
    }
    let columns = ["level", "file", "bytes", "entries", "first key", "last key", "checksum"]
    var table = Listing.Table(name: "tables", columns: columns)
    for (number, level) in levels.enumerated() {
      for named in level {
        let record = named.record
        table.rows.append([
          hasLevels ? .number(number) : .none, .text(record.file), .number(record.bytes),
          .number(record.entries), .init(named.range?.lowerBound.description),
          .init(named.range?.upperBound.description), .text(record.crc32c),
        ])
      }
    }
    listing.tables = [table]
    return listing
  }
}
