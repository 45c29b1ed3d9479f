import Basics
import Week1Memory
import Week2LSM
import Week5Leveling
import Week7BloomTrie
import Week8Concurrency

extension Decoder {
  /// The content has one spelling, which is written here as in notes/formats.md.
  public static let storeManifest = Decoder(
    "store manifest", samples: storeManifests, sealedBy: sealedManifest
  ) { bytes in
    guard let file = try? ManifestFile(encoded: bytes), file.week >= 8,
      let manifest = try? StoreManifest(file)
    else { return nil }
    for level in manifest.levels.dropFirst() {
      let areApart = zip(level, level.dropFirst()).allSatisfy {
        $0.range.upperBound < $1.range.lowerBound
      }
      if !areApart { return "the tables of a level overlap" }
    }
    let most = UInt64(1) << 60
    if manifest.firstLog < 1 || UInt64(manifest.firstLog) > most || manifest.sequence > most {
      return "there is no log \(manifest.firstLog), or no write \(manifest.sequence)"
    }
    return framed(text(of: manifest)) == bytes ? nil : "written again it is other bytes"
  }

  private static func text(of manifest: StoreManifest) -> String {
    let levels = manifest.levels.map { level in
      "[\(level.map(text(of:)).joined(separator: ","))]"
    }
    return #"{"firstLog":\#(manifest.firstLog),"levels":[\#(levels.joined(separator: ","))],"#
      + #""nextTable":\#(manifest.nextTable),"sequence":\#(manifest.sequence),"week":\#(manifest.week)}"#
  }

  private static func text(of table: LevelManifest.Table) -> String {
    var json: [UInt8] = Array(#"{"range":["#.utf8)
    JSONText.append(escaped(table.range.lowerBound), to: &json)
    json.append(UInt8(ascii: ","))
    JSONText.append(escaped(table.range.upperBound), to: &json)
    json += #"],"record":"#.utf8
    table.record.append(to: &json)
    return String(decoding: json, as: UTF8.self) + "}"
  }

  /// Percent-escapes the percent sign and every byte that is not printable.
  private static func escaped(_ key: Key) -> String {
    let digits = Array("0123456789abcdef")
    return key.bytes.reduce(into: "") { text, byte in
      if (0x21...0x7e).contains(byte), byte != UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }

  private static let storeManifests: [[UInt8]] = [
    framed(#"{"firstLog":1,"levels":[[]],"nextTable":1,"sequence":0,"week":8}"#),
    framed(
      #"{"firstLog":3,"levels":[[\#(entry(3, "b", "e"))],[\#(entry(1, "%00", "a%25")),"#
        + #"\#(entry(2, "c\"", "d\\"))]],"nextTable":4,"sequence":17,"week":8}"#),
  ]

  private static func entry(_ number: Int, _ first: String, _ last: String) -> String {
    let file = TableRecord.fileName(number, extension: "blocks")
    let record = #"{"bytes":300,"crc32c":"1a77d077","entries":2,"file":"\#(file)"}"#
    return #"{"range":["\#(first)","\#(last)"],"record":\#(record)}"#
  }
}

extension Decoder {
  /// A filter with more bits set never rejects a key that one with fewer accepts.
  public static let bloomFilter = Decoder("bloom-filter", samples: filters) { bytes in
    guard let filter = try? BloomFilter(Bytes(bytes)) else { return nil }
    let fuller = bytes.prefix(1) + bytes.dropFirst().map { $0 | 0x11 }
    guard let larger = try? BloomFilter(Bytes(fuller)) else { return "with more bits it is none" }
    for key in keys where filter.mayContain(key) && !larger.mayContain(key) {
      return "with more bits it denies \(key)"
    }
    let isFull = bytes.dropFirst().allSatisfy { $0 == 0xff }
    return isFull && !keys.allSatisfy(filter.mayContain) ? "a full filter denies a key" : nil
  }

  private static let keys = (0..<20).compactMap { try? Key("k\($0)") }

  private static let filters: [[UInt8]] = [
    [6] + (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37) },
    [1] + [UInt8](repeating: 0xff, count: 128),
    [22] + [UInt8](repeating: 0, count: 64),
  ]
}
