import Disk
import Week1Memory
import Week8Concurrency

/// The findings in consecutive logs of week 8, and whether a start would accept them.
struct BatchLogsInspection: Sendable {
  /// In the order of their numbers, without any that could not be read.
  private(set) var logs: [BatchLogInspection] = []
  var diagnosis = Diagnosis()
  /// The number of the last write before the first log.
  private let sequence: UInt64
  /// The numbers of the logs, and their files.
  private let files: [(number: Int, path: String)]

  /// Inspects the file of one log, without the logs before and after it.
  static func ofFile(_ path: String, number: Int, _ calls: SystemCalls) -> BatchLogsInspection {
    let file = [(number: number, path: path)]
    var inspected = BatchLogsInspection(file, after: nil, calls)
    for _ in 1..<mostTries where !inspected.diagnosis.faults.isEmpty {
      let again = BatchLogsInspection(file, after: nil, calls)
      if again.diagnosis == inspected.diagnosis { break }
      inspected = again
    }
    return inspected
  }

  /// A log that is written while it is read may look damaged. Real damage is found again on the
  /// next try.
  private static let mostTries = 5

  /// Reads logs with these numbers, in order and without a gap. The first one follows write
  /// `sequence`; nil if that is unknown.
  init(
    _ files: [(number: Int, path: String)], after sequence: UInt64?, _ calls: SystemCalls
  ) {
    self.files = files
    var first: UInt64?
    for (number, path) in files {
      do throws(StorageError) {
        var log = try LogReader(number, File(reading: path, calls: calls))
        let inspected = try BatchLogInspection(&log)
        first = first ?? inspected.firstSequence
        logs.append(inspected)
      } catch {
        diagnosis.fault(error, in: path)
      }
    }
    self.sequence = sequence ?? first.map { $0 - 1 } ?? 0
    if logs.count == files.count { replay(calls) }
  }

  /// Reads them as a start does.
  private mutating func replay(_ calls: SystemCalls) {
    let paths = Dictionary(uniqueKeysWithValues: files.map { ($0.number, $0.path) })
    do throws(StorageError) {
      let replay = try BatchLogReplay(
        of: files.map(\.number), from: files.first?.number ?? 1, after: sequence,
        opening: { (number) throws(StorageError) in
          try LogReader(number, File(reading: paths[number] ?? "", calls: calls))
        }, replay: { _, _ in })
      for (place, content) in replay.contents.enumerated() {
        (logs[place].end, logs[place].torn) = (content.end, content.dropped)
      }
    } catch {
      fault(error)
      faultLaterGaps()
    }
  }

  private mutating func fault(_ error: StorageError) {
    guard files.count == 1, case .corrupt(_, let offset, let reason) = error else {
      return diagnosis.fault(error, in: files.first?.path ?? "")
    }
    diagnosis.fault(files[0].path, at: offset, reason)  // The file may have another name.
  }

  /// A replay reports only the first missing write, if a later record vouches for it. Later records
  /// may vouch for others too.
  private mutating func faultLaterGaps() {
    let records = logs.flatMap(\.records)
    guard let vouched = records.map(\.synced).max() else { return }
    var next = sequence + 1
    var before: (path: String, end: Int)?
    for log in logs {
      var end = 0
      for record in log.records {
        // If a log begins with a later write, the end of the previous log is missing.
        let here = (path: log.path, end: end)
        let place = record.offset == end ? before ?? here : here
        if record.sequence > next, next <= vouched { faultLater(place.path, at: place.end, next) }
        (next, end) = (max(next, record.next), record.end)
        before = (log.path, end)
      }
    }
  }

  private mutating func faultLater(_ path: String, at offset: Int, _ missing: UInt64) {
    if diagnosis.faults.contains(where: { $0.file == path && $0.offset == offset }) { return }
    let reason = "write \(missing) is not whole, and a later record vouches for it"
    diagnosis.fault(path, at: offset, reason)
  }
}

extension BatchLogInspection {
  /// The number of the first write that the log should have; if the first record is damaged, the
  /// last one that it may have had.
  fileprivate var firstSequence: UInt64? {
    records.first.map { $0.offset == 0 ? $0.sequence : max(1, $0.sequence - 1) }
  }
}
