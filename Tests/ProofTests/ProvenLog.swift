import Week1Memory
import Week3WAL
import Week8Concurrency

/// The log of a week, as far as a proof needs to know its files.
enum ProvenLog: Sendable {
  /// One file with a line per record.
  case lines
  /// One file per memtable. A record contains its length.
  case batches

  /// A record and its location.
  struct Record {
    let file: String
    let range: Range<Int>
  }

  /// The first log file of a new store.
  var firstFile: String {
    switch self {
    case .lines: WriteAheadLog<Value>.fileName
    case .batches: LogName.fileName(1)
    }
  }

  /// The call that drops the first records once a table has them.
  var callThatDropsRecords: String {
    switch self {
    case .lines: "truncate /store/data/\(firstFile)"
    case .batches: "remove /store/data/\(firstFile)"
    }
  }

  /// The log files in a directory, with the one that takes writes last.
  func files(among names: [String]) -> [String] {
    switch self {
    case .lines: names.filter { $0 == firstFile }
    case .batches: names.compactMap(LogName.number(inName:)).sorted().map(LogName.fileName)
    }
  }

  /// The records of an undamaged file.
  func records(in bytes: [UInt8], of file: String) -> [Record] {
    var records: [Record] = []
    var start = 0
    while let end = endOfRecord(in: bytes, from: start, of: file) {
      records.append(Record(file: file, range: start..<end))
      start = end
    }
    return records
  }

  private func endOfRecord(
    in bytes: [UInt8], from start: Int, of file: String
  ) -> Int? {
    switch self {
    case .lines:
      return bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    case .batches:
      guard let number = LogName.number(inName: file), start + RecordHeader.length <= bytes.count
      else { return nil }
      let place = RecordPlace(log: number, offset: start)
      let header = RecordHeader(in: bytes, at: start, place)
      return header.map { start + $0.recordLength }
    }
  }
}
