import CrashModel
import PowerLoss

// The calls that were missing, or came too late.
extension Diagnosis {
  /// What should have been synced, and did not wait for it.
  func sentence(_ item: UnsyncedItem, _ harmful: [UnsyncedItem]) -> String {
    if let rename = renameBeforeSync(of: item) { return rename }
    let act = harmful.first.map(act) ?? destruction(after: item)
    if let act { return "\(act) before \(target(item)) was synced" + later(item) }
    return answerBeforeWrite(of: item) ?? missingSync(of: item)
  }

  /// When the first of what is unsynced was written.
  private func writing(of item: UnsyncedItem) -> Int {
    let past = recording.happenings[...loss.choice.moment]
    let synced = past.lastIndex { $0.kind == .sync && $0.inode == inode(of: item) }
    return past[((synced ?? -1) + 1)...].firstIndex { $0.inode == inode(of: item) } ?? 0
  }

  /// What was taken away since an item was written, and was there to do without it.
  private func destruction(after item: UnsyncedItem) -> String? {
    recording.happenings[writing(of: item)...loss.choice.moment].reversed().lazy.compactMap {
      switch $0.kind {
      case .cut(let length) where $0.inode != inode(of: item):
        "\(path($0.inode)) was cut to \(length) bytes"
      case .remove(let name) where !isRemoval(item, of: name): "\(name) was removed"
      default: nil
      }
    }.first
  }

  private func isRemoval(_ item: UnsyncedItem, of name: String) -> Bool {
    if case .remove(name, _)? = change(item) { true } else { false }
  }

  /// The change to a name; nil for bytes.
  private func change(_ item: UnsyncedItem) -> SimulatedDirectory.Change? {
    guard case .name(let directory, let index) = item else { return nil }
    return disk.image.directory(directory)?.unsynced[index]
  }

  private func answerBeforeWrite(of item: UnsyncedItem) -> String? {
    guard case .finding(let finding) = loss.problem.kind,
      let write = finding.allowance.acknowledged, let answered = write.answered,
      answered < writing(of: item)
    else { return nil }
    return "\(write.name) was answered before the write to \(target(item))"
  }

  /// A file whose name was changed while its bytes were not synced.
  private func renameBeforeSync(of item: UnsyncedItem) -> String? {
    guard case .bytes(let inode) = item else { return nil }
    let name = path(inode).split(separator: "/").last.map(String.init)
    let happened = recording.happenings[...loss.choice.moment]
    let rename = happened.last {
      if case .rename(_, let new) = $0.kind { new == name } else { false }
    }
    guard case .rename(let old, let new)? = rename?.kind else { return nil }
    return "\(old) was renamed to \(new) before its bytes were synced"
  }

  private func missingSync(of item: UnsyncedItem) -> String {
    guard case .name(let directory, _) = item, let change = change(item) else {
      return "no fsync of \(target(item)) between the write and the answer" + later(item)
    }
    return "\(done(change)), and \(path(directory)) was not synced before the answer: "
      + consequence(of: change) + later(item)
  }

  private func consequence(of change: SimulatedDirectory.Change) -> String {
    switch change {
    case .add: "a sync of the file does not promise its name"
    case .remove: "it may come back"
    case .rename: "the old name may come back"
    }
  }

  /// Whether the sync came after all.
  private func later(_ item: UnsyncedItem) -> String {
    let next = recording.happenings[(loss.choice.moment + 1)...].firstIndex {
      $0.kind == .sync && $0.inode == inode(of: item)
    }
    guard let next else { return "; it never came" }
    let calls = next - loss.choice.moment
    return calls == 1 ? "; it came one call too late" : "; it came \(calls) calls too late"
  }

  private func inode(of item: UnsyncedItem) -> Int {
    switch item {
    case .bytes(let inode): inode
    case .name(let directory, _): directory
    }
  }

  private func target(_ item: UnsyncedItem) -> String {
    if let change = change(item) {
      return text(change)
        + (inode(of: item) == DiskImage.root ? "" : ", in \(path(inode(of: item))),")
    }
    return path(inode(of: item))
  }

  /// What has reached the disk too early.
  private func act(_ item: UnsyncedItem) -> String {
    switch item {
    case .bytes(let inode):
      let cut = recording.happenings[...loss.choice.moment].last {
        if case .cut = $0.kind { $0.inode == inode } else { false }
      }
      guard case .cut(let length)? = cut?.kind, hasLength(length, inode) else {
        return "\(path(inode)) was written"
      }
      return "\(path(inode)) was cut to \(length) bytes"
    case .name: return change(item).map(done) ?? "a name was changed"
    }
  }

  /// Whether a change of its length to this is among what is not synced of a file.
  private func hasLength(_ length: Int, _ inode: Int) -> Bool {
    disk.image.file(inode)?.unsynced.contains(.length(length)) == true
  }

  private func done(_ change: SimulatedDirectory.Change) -> String {
    switch change {
    case .add(let name, _): "\(name) was made"
    case .remove(let name, _): "\(name) was removed"
    case .rename(let old, let new, _): "\(old) was renamed to \(new)"
    }
  }
}
