import Basics
import Disk
import Week1Memory
import Week2LSM
import Week3WAL
import Week4Compaction
import Week5Leveling
import Week8Concurrency

/// The findings in a directory, which an engine may have open.
///
/// A manifest may be replaced, and the tables of the old one removed, at any moment. So a missing
/// table is a fault only if the manifest that names it is still current; otherwise the new manifest
/// is read. A table never changes: one that has been read is not read again.
struct DirectoryInspection: Sendable {
  let path: String
  private(set) var manifest: ManifestInspection?
  /// By file name; only the tables that were read.
  private(set) var tables: [String: TableInspection] = [:]
  private(set) var log: LogInspection?
  /// From week 8 on.
  private(set) var batchLogs: BatchLogsInspection?
  /// Files of ours that no manifest names.
  private(set) var orphans: [String] = []
  private(set) var diagnosis = Diagnosis()
  private let calls: SystemCalls
  private let readsTables: Bool

  /// An engine that replaces its manifest more often than this while we open its tables is faster
  /// than we are.
  private static let mostRounds = 50

  /// Reads all tables if `readsTables`; otherwise only those about which the manifest does not say
  /// enough.
  init(_ path: String, readsTables: Bool, _ calls: SystemCalls) throws(NothingOfOurs) {
    self.path = path
    self.calls = calls
    self.readsTables = readsTables
    let names: [String]
    do throws(StorageError) {
      names = try Directory.names(in: path, calls: calls)
    } catch {
      throw NothingOfOurs(path: path, reason: error.description)
    }
    guard names.contains(where: { FileKind(name: $0) != nil }) else {
      throw NothingOfOurs(path: path, reason: "\(path) holds no file of a store")
    }
    inspectTables()
    inspectLog()
    inspectNames()
    if let manifest { diagnosis.add(manifest.diagnosis) }
    for table in manifest?.tables ?? [] {
      if let inspected = tables[table.record.file] { diagnosis.add(inspected.diagnosis) }
    }
    if let log { diagnosis.add(log.diagnosis) }
    if let batchLogs { diagnosis.add(batchLogs.diagnosis) }
  }

  func path(of name: String) -> String { "\(path)/\(name)" }

  private mutating func inspectTables() {
    for _ in 1...Self.mostRounds {
      guard let read = readManifest() else { return }
      manifest = read
      var missing: [String] = []
      for table in read.tables where readsTables || table.range == nil {
        if !inspect(table, of: read.week) { missing.append(table.record.file) }
      }
      if missing.isEmpty { return }
      if let now = try? ManifestInspection(read.path, calls), now.bytes == read.bytes {
        for name in missing {
          diagnosis.fault(path(of: name), "it is missing, and the manifest names it")
        }
        return
      }
    }
    diagnosis.remark(path(of: ManifestFile.name), "it is replaced faster than its tables are read")
  }

  private mutating func readManifest() -> ManifestInspection? {
    let path = path(of: ManifestFile.name)
    do throws(StorageError) {
      return try ManifestInspection(path, calls)
    } catch {
      let names = (try? Directory.names(in: self.path, calls: calls)) ?? []
      if !error.isOfMissingFile {
        diagnosis.fault(error, in: path)
      } else if let table = names.first(where: { TableRecord.number(inName: $0) != nil }) {
        diagnosis.fault(path, "it is missing, and \(table) is there")
      } else {
        diagnosis.remark(path, "it is not there yet: the first start has not come to its end")
      }
      return nil
    }
  }

  /// Reads a table, unless that is done. Returns false if it is missing.
  private mutating func inspect(_ table: NamedTable, of week: Int) -> Bool {
    let name = table.record.file
    guard TableRecord.number(inName: name) != nil, tables[name]?.named != table else { return true }
    do throws(StorageError) {
      let file = try File(reading: path(of: name), calls: calls)
      var inspected =
        week >= ManifestInspection.firstWeekOfBlocks
        ? TableInspection(blocks: file, table)
        : week >= ManifestInspection.firstWeekOfTombstones
          ? TableInspection(json: file, table, of: Entry.self)
          : TableInspection(json: file, table, of: Value.self)
      inspected.forgetBlocks()  // Or the indexes of all tables would be in memory at once.
      tables[name] = inspected
    } catch {
      if error.isOfMissingFile { return false }
      diagnosis.fault(error, in: path(of: name))
    }
    return true
  }

  private mutating func inspectLog() {
    let path = path(of: WriteAheadLog<Entry>.fileName)
    // Nil if no manifest says it. Then the log may have what any week writes.
    let week = manifest.flatMap { $0.isRead ? $0.week : nil }
    if let manifest, manifest.isRead, manifest.hasBatches {
      batchLogs = .ofDirectory(self.path, manifest, calls)
      return
    }
    do throws(StorageError) {
      let hasTombstones = (week ?? .max) >= ManifestInspection.firstWeekOfTombstones
      log =
        hasTombstones
        ? try LogInspection.read(path, calls, of: Entry.self)
        : try LogInspection.read(path, calls, of: Value.self)
      if week == 2 {
        diagnosis.remark(path, "week 2 has no log: a later week began to open the directory")
      }
    } catch {
      if !error.isOfMissingFile {
        diagnosis.fault(error, in: path)
      } else if let week, week >= ManifestInspection.firstWeekOfLog {
        diagnosis.fault(path, "it is missing")
      }
    }
  }

  /// A file that no manifest names is not a fault: a crash leaves it, and the next start removes
  /// it. A directory with such a name is a fault, because no start can remove it.
  private mutating func inspectNames() {
    for name in (try? Directory.names(in: path, calls: calls)) ?? [] {
      if isLogWithoutManifest(name), let reason = fault(ofLogWithoutManifest: path(of: name)) {
        diagnosis.fault(path(of: name), at: 0, reason)
        continue
      }
      guard isOrphan(name) || isLogWithoutManifest(name) else { continue }
      if (try? Directory.isDirectory(name, in: path, calls: calls)) == true {
        diagnosis.fault(path(of: name), "it is a directory under a name that we give to a file")
        continue
      }
      orphans.append(name)
      diagnosis.remark(
        path(of: name), "it is being written, or a crash left it and the next start removes it")
    }
  }

  /// Without a readable manifest, orphan tables and logs cannot be told from others.
  private func isOrphan(_ name: String) -> Bool {
    if name == FileKind.unfinishedManifest || name == FileKind.unfinishedLog { return true }
    guard let manifest, manifest.isRead else { return false }
    if name == WriteAheadLog<Entry>.fileName { return manifest.hasBatches }
    if let number = LogName.number(inName: name) {
      return manifest.hasBatches && number < manifest.firstLog
    }
    if TableRecord.number(inName: name) == nil { return false }
    return !manifest.tables.contains { $0.record.file == name }
  }

  private func isLogWithoutManifest(_ name: String) -> Bool {
    let isKnown = manifest.map { $0.hasBatches || !$0.isRead } ?? false
    return LogName.number(inName: name) != nil && !isKnown
  }

  /// A first start of week 8 creates a log, then the manifest, and only then writes records. Nil if
  /// this log has no records, or if the manifest exists by now.
  private func fault(ofLogWithoutManifest path: String) -> String? {
    do throws(StorageError) {
      if try File(reading: path, calls: calls).size() == 0 { return nil }
    } catch {
      return error.description
    }
    let now = try? ManifestInspection(self.path(of: ManifestFile.name), calls)
    return now?.hasBatches == true ? nil : Directory.logWithoutManifest
  }
}
