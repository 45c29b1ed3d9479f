// The cause for a person, and what to read about it.
extension Diagnosis {
  /// What was wrong, and where that is explained.
  var explanation: (text: String, read: Section) {
    switch cause {
    case .unsteady:
      (
        "the same state was right when it was tried again: the server does not always find what it has",
        .diskOrder
      )
    case .kill: (explanationOfKill, .logInvariants)
    case .failedSync(let inode):
      ("a sync of \(path(inode)) failed" + consequenceOfFailure, .failedSync)
    case .unsynced(let missing, let harmful): explanation(missing, harmful)
    }
  }

  private var explanationOfKill: String {
    if isWrittenOn {
      return """
        no sync is missing: everything that was written is there, and the server starts on it. What \
        it writes then is not found by the next start. \(Self.ruleOfAppending). kill -9 would show \
        it too
        """
    }
    return """
      no sync is missing: everything that was written is there, and it is lost all the same. \
      The answer came before the write, or a start cannot read what a crash leaves. kill -9 \
      would show it too
      """
  }

  private static let ruleOfAppending =
    "A start has to cut off what it does not read before it appends"

  /// Whether it took more than one start to see the loss.
  private var isWrittenOn: Bool { !loss.problem.written.isEmpty }

  private var consequenceOfFailure: String {
    if case .notStarted = loss.problem.kind {
      return """
        . What it should have written may be zeros now, and the server does not start on them. A \
        start has to drop a last record that is not whole
        """
    }
    return """
      , and the server went on. The system has forgotten the bytes that it could not write: a later \
      sync succeeds and writes none of them. After a failed sync, no write may be answered until a \
      restart has read the file
      """
  }

  private func explanation(
    _ missing: [UnsyncedItem], _ harmful: [UnsyncedItem]
  ) -> (text: String, read: Section) {
    if let torn = missing.first(where: harmful.contains) { return explanation(ofTorn: torn) }
    let lines = missing.map { sentence($0, harmful) }
    return (lines.joined(separator: ";\n          "), .diskOrder)
  }

  private func explanation(ofTorn item: UnsyncedItem) -> (text: String, read: Section) {
    if isWrittenOn {
      return (
        """
        \(text(item)): a part of it is there. The server starts on that, and writes behind it, \
        and the next start stops there, before what was written. \(Self.ruleOfAppending)
        """, .tornOrDamaged
      )
    }
    return (
      """
      \(text(item)): a part of it is there, and the server cannot cope with that. Without a sync \
      any part of a write may be there. A record needs a checksum, and a start drops one that is \
      not whole; a file that is read whole is synced before anything refers to it
      """, .tornOrDamaged
    )
  }
}

extension Section {
  /// Those that explain a loss of power.
  package static let ofPowerLoss = [diskOrder, logInvariants, tornOrDamaged, failedSync]

  fileprivate static let diskOrder = Section(
    file: "notes/durability.md", "What a disk may do")
  fileprivate static let failedSync = Section(
    file: "notes/durability.md", "Break it on purpose")
  fileprivate static let logInvariants = Section(week: 3, "The invariants, and what proves them")
}
