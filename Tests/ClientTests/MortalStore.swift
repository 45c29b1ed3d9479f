import Client
import Synchronization

/// A store in this process that can be killed and restarted like a separate server. While it is
/// down, it hangs up on every request, but carries out every second write all the same. It keeps
/// all promises except the one that its fault breaks.
final class MortalStore: Victim {
  enum Fault: CaseIterable {
    case none
    /// Broken at a start.
    case forgetsLastWrite, revivesDeleted, halvesValue, changesItsMind, staysDown
    /// Broken under load.
    case answersOldValue, refusesWrite, diesByItself
    /// Broken at SIGTERM.
    case exitsWithOne, ignoresTerm
    /// What happens when writes begin to fail, in the first life.
    case failsWrites, forgetsFailure, hidesFailure
  }

  private struct Contents {
    var values: [String: String] = [:]
    /// The values of keys before their last change.
    var older: [String: String] = [:]
    var lastWrite: (key: String, before: String?)?
    /// Writes carried out while it was down, with the values they replaced.
    var ghosts: [(key: String, before: String?, after: String?)] = []
    var lives = 0
    var isUp = false
    var exit: Exit?
    var writes = 0
    var lateWrites = 0
  }

  private let contents = Mutex(Contents())
  private let fault: Fault

  init(_ fault: Fault = .none) {
    self.fault = fault
  }

  var exit: Exit? { contents.withLock { $0.exit } }
  var isRunning: Bool { contents.withLock { $0.isUp } }
  var lastWords: String { "it was week 4\nfault \(fault)" }

  func start() {
    contents.withLock { contents in
      contents.lives += 1
      contents.writes = 0
      let staysDown = fault == .staysDown && contents.lives == 2
      contents.exit = staysDown ? .status(3) : nil
      contents.isUp = !staysDown
      breakPromise(&contents)
    }
  }

  private func breakPromise(_ contents: inout Contents) {
    switch fault {
    case .forgetsLastWrite:
      if let (key, before) = contents.lastWrite { contents.values[key] = before }
    case .revivesDeleted:
      let deleted = contents.older.first { contents.values[$0.key] == nil }
      if let (key, value) = deleted { contents.values[key] = value }
    case .halvesValue:
      guard let (key, value) = contents.values.first else { return }
      contents.values[key] = String(value.prefix(value.count / 2))
    case .changesItsMind where contents.lives > 2:
      for ghost in contents.ghosts where contents.values[ghost.key] == ghost.after {
        contents.values[ghost.key] = ghost.before
      }
    default: break
    }
  }

  func end(by signal: EndSignal) {
    contents.withLock { contents in
      guard contents.isUp, signal == .kill || fault != .ignoresTerm else { return }
      contents.isUp = false
      switch signal {
      case .kill: contents.exit = .signal(9)
      case .term: contents.exit = .status(fault == .exitsWithOne ? 1 : 0)
      }
    }
  }
}

// The calls.
extension MortalStore {
  func answer(_ call: Call) -> Reply {
    contents.withLock { contents in
      let isWrite = call.method != "GET"
      guard contents.isUp else {
        if isWrite { writeLate(call, &contents) }
        return .hangUp
      }
      if call.uri == "/-/health" { return health(contents) }
      return isWrite ? write(call, &contents) : read(call, contents)
    }
  }

  private var failsWrites: Bool { [.failsWrites, .forgetsFailure, .hidesFailure].contains(fault) }

  private func isFailing(_ contents: Contents) -> Bool {
    failsWrites && contents.lives == 1 && contents.writes > 100
  }

  private func health(_ contents: Contents) -> Reply {
    isFailing(contents) && fault != .hidesFailure ? .status(503, "disk") : .status(200, "ok")
  }

  private func read(_ call: Call, _ contents: Contents) -> Reply {
    let old = fault == .answersOldValue ? contents.older[call.key] : nil
    return (old ?? contents.values[call.key]).map { .status(200, $0) } ?? .status(404)
  }

  private func write(_ call: Call, _ contents: inout Contents) -> Reply {
    contents.writes += 1
    if isFailing(contents) && (fault != .forgetsFailure || contents.writes % 20 != 0) {
      return .status(500, "no space left on device")
    }
    if contents.writes == 3 {
      if fault == .refusesWrite { return .status(500, "not now") }
      if fault == .diesByItself {
        contents.isUp = false
        contents.exit = .signal(11)
        return .hangUp
      }
    }
    apply(call, &contents)
    return .status(call.method == "PUT" ? 200 : 202)
  }

  private func writeLate(_ call: Call, _ contents: inout Contents) {
    contents.lateWrites += 1
    if contents.lateWrites % 2 == 0 { return }
    let before = contents.values[call.key]
    apply(call, &contents)
    contents.ghosts.append((call.key, before, contents.values[call.key]))
  }

  private func apply(_ call: Call, _ contents: inout Contents) {
    let before = contents.values[call.key]
    let after = call.method == "PUT" ? call.body : nil
    if before == after { return }
    contents.values[call.key] = after
    if let before { contents.older[call.key] = before }
    if contents.isUp { contents.lastWrite = (call.key, before) }
  }
}
