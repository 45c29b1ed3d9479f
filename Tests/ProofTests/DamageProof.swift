import Basics
import CrashModel
import Inspection
import TestSupport
import Week1Memory
import Week3WAL

/// Proves promise 4 on a small directory: whatever length a file is cut to, and whichever bit is
/// flipped, the engine gives the right state or an error that names the file and an offset in it.
/// Only the last record of the log may be dropped, since a crash could have torn it. Whatever the
/// engine reports as damage, a check of the directory finds too.
struct DamageProof {
  let week: ProvenWeek
  let seed: UInt64
  /// The number of bits flipped in each byte.
  var bitsPerByte = 8
  /// One in this many lengths, and in this many bytes, is tried. 1 for all.
  var every = 1

  /// The directory before any damage.
  private struct Sound {
    let image: DiskImage
    let thresholds: Thresholds
    let history: History
    let files: [String]
    /// The records in the log, oldest first: the last writes of all.
    let records: [ProvenLog.Record]

    /// The number of writes lost if a log is cut to `length` bytes. None if a later file has a
    /// record: it vouches for them.
    func writesLost(from name: String, after length: Int) -> Int {
      guard records.last?.file == name else { return 0 }
      return records.count { $0.file == name && $0.range.upperBound > length }
    }

    /// The number of writes that may be lost if byte `offset` of a file is changed.
    func writesAtRisk(in name: String, at offset: Int) -> Int {
      guard let last = records.last, last.file == name, last.range.lowerBound <= offset else {
        return 0
      }
      return 1
    }
  }

  func findings() -> Findings {
    var findings = Findings()
    guard let sound = makeDirectory(&findings) else { return findings }
    for name in sound.files {
      truncate(name, of: sound, &findings)
      flip(name, of: sound, &findings)
    }
    return findings
  }

  /// A directory with tables, a manifest, and some records in the log, as a crash leaves it.
  private func makeDirectory(_ findings: inout Findings) -> Sound? {
    let disk = SimulatedDisk()
    var thresholds = Thresholds()
    thresholds.log.allocation = 64
    var session = Session(week, thresholds, calls: disk.calls)
    do throws(StorageError) {
      try session.open()
      for step in steps { try session.perform(step) }
    } catch {
      findings.report(.flips, "\(week.name), before any damage: \(error)")
      return nil
    }
    session.drop()
    let image = disk.image
    let files = image.names(in: Session.path).filter { $0 != "LOCK" }  // It has no data.
    let records = (week.log?.files(among: files) ?? []).flatMap { name in
      week.log?.records(in: image.bytes(of: "\(Session.path)/\(name)") ?? [], of: name) ?? []
    }
    return Sound(
      image: image, thresholds: thresholds, history: session.history, files: files,
      records: records)
  }

  /// Ends with less than a full memtable; a week without a log flushes it.
  private var steps: [Step] {
    let all = Workload(seed: seed, length: 40, for: week).steps
    let short = all.filter { step in
      if case .set(_, let value) = step { value.text.utf8.count < 30 } else { step.isWrite }
    }
    let middle: Step = week.hasBatches ? .batch([("~", "2"), ("d", nil)]) : .set("~", "2")
    let last: [Step] = [.set("d", "1\n"), middle, .set("b\"b", "3\"\\")]
    return Array(short[..<13]) + [.flush] + last + (week.hasLog ? [] : [.flush])
  }

  /// A truncated log looks like a log that was never longer. The engine must have exactly the
  /// records that are still whole.
  private func truncate(_ name: String, of sound: Sound, _ findings: inout Findings) {
    let path = "\(Session.path)/\(name)"
    guard let bytes = sound.image.bytes(of: path) else { return }
    for length in stride(from: 0, to: bytes.count, by: every) where !findings.areEnough {
      findings.count(.truncations)
      var image = sound.image
      image.put(Array(bytes[..<length]), at: path)
      let lost = sound.writesLost(from: name, after: length)
      if let fault = fault(in: image, name, lost...lost, sound) {
        findings.report(.truncations, "\(week.name), \(name) cut to \(length) bytes: \(fault)")
      }
    }
  }

  private func flip(_ name: String, of sound: Sound, _ findings: inout Findings) {
    let path = "\(Session.path)/\(name)"
    guard let bytes = sound.image.bytes(of: path) else { return }
    for offset in stride(from: 0, to: bytes.count, by: every) where !findings.areEnough {
      for bit in 0..<bitsPerByte {
        findings.count(.flips)
        let flipped = (bit + offset) % 8
        var image = sound.image
        var damaged = bytes
        damaged[offset] ^= 1 << flipped
        image.put(damaged, at: path)
        let atRisk = sound.writesAtRisk(in: name, at: offset)
        if let fault = fault(in: image, name, 0...atRisk, sound)
          ?? faultWhileOpen(name, damaged, sound)
        {
          let place = "bit \(flipped) of byte \(offset) of \(name) flipped"
          findings.report(.flips, "\(week.name), \(place): \(fault)")
        }
      }
    }
  }

  /// What is wrong with the way an engine handles `image`, in which the file `name` is damaged, if
  /// the number of lost writes must be within `lost`.
  private func fault(
    in image: DiskImage, _ name: String, _ lost: ClosedRange<Int>, _ sound: Sound
  ) -> String? {
    var session = Session(
      week, sound.thresholds, calls: SimulatedDisk(image).calls, history: sound.history)
    do throws(StorageError) {
      try session.open()
      let contents = try session.contents()
      let count = sound.history.writes.count
      return sound.history.fault(
        in: contents, atLeast: count - lost.upperBound, atMost: count - lost.lowerBound)
    } catch {
      if let doubt = doubt(about: error, name, sound) { return doubt }
      return Inspected.finds(damageTo: name, in: image) ? nil : "a check does not find: \(error)"
    }
  }

  /// The same for damage that happens while the engine has the file open.
  private func faultWhileOpen(_ name: String, _ damaged: [UInt8], _ sound: Sound) -> String? {
    let disk = SimulatedDisk(sound.image)
    var session = Session(week, sound.thresholds, calls: disk.calls, history: sound.history)
    do throws(StorageError) {
      try session.open()
      disk.decay("\(Session.path)/\(name)", to: damaged)
      let contents = try session.contents()
      let count = sound.history.writes.count
      return sound.history.fault(in: contents, atLeast: count, atMost: count)
        .map { "while open, \($0)" }
    } catch {
      return doubt(about: error, name, sound)
    }
  }

  private func doubt(about error: StorageError, _ name: String, _ sound: Sound) -> String? {
    let path = "\(Session.path)/\(name)"
    let length = sound.image.bytes(of: path)?.count ?? 0
    if case .corrupt(path, 0...length, _) = error { return nil }
    return "the error does not name the damage: \(error)"
  }
}
