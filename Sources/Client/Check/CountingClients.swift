import NIOHTTP1
import Scenarios
import Synchronization

/// Clients that count keys up, one each, and as many that read these keys, until one of them has read a number
/// before the client that wrote it has its answer.
struct CountingClients: Sendable {
  private let site: Site
  private let counts: Counts
  /// How many times the number must be read before.
  private let looks: Int
  private let end = Announcement()
  /// The server is killed then in any case.
  private let latest = ContinuousClock.now + .milliseconds(300)

  /// Of a running server.
  init(of site: Site, _ counts: Counts, looks: Int) {
    self.site = site
    self.counts = counts
    self.looks = looks
  }

  /// Runs the clients, and kills the server at the first such number. Returns what was read; nil if there was none
  /// in time.
  func killAtSighting() async -> String? {
    let sighting = await withTaskGroup(of: String?.self) { group in
      for (index, count) in counts.all.enumerated() {
        group.addTask {
          await countUp(count.key, index)
          return nil
        }
        group.addTask { await look(at: count.key, index) }
      }
      var first: String?
      for await sighting in group { first = first ?? sighting }
      return first
    }
    await site.process.endForGood()
    return sighting
  }

  private func countUp(_ key: Key, _ index: Int) async {
    while !end.isMade && !Task.isCancelled {
      let request = Request.put(key, value: "\(counts.next(index))")
      let answer = await site.once.send(request).answer
      guard Judge(isStrict: false).accepts(answer, to: request) else { return }
      counts.noteAnswer(index)
    }
  }

  private func look(at key: Key, _ index: Int) async -> String? {
    var early = 0
    while !end.isMade && !Task.isCancelled {
      guard let number = await number(of: key) else { return nil }
      early = counts.noteRead(number, index) ? early + 1 : 0
      if early < looks && ContinuousClock.now < latest { continue }
      end.make()
      site.process.end(by: .kill)
      return early < looks ? nil : "GET /\(key.text) answers \(number) before its PUT is answered"
    }
    return nil
  }

  private func number(of key: Key) async -> Int? {
    let answer = await site.once.send(.GET, "/\(key.text)").answer
    guard case .reply(200, let body) = answer else { return nil }
    return Int(String(decoding: body, as: UTF8.self))
  }
}

/// What is known of keys that are counted up, from 0.
final class Counts: Sendable {
  struct Count: Sendable {
    let key: Key
    /// The last number that was sent.
    fileprivate(set) var sent = 0
    /// The last number that was answered.
    fileprivate(set) var answered = 0
    /// The highest number that was read.
    fileprivate(set) var read = 0
  }

  private let counts: Mutex<[Count]>

  init(_ keys: [Key]) {
    counts = Mutex(keys.map { Count(key: $0) })
  }

  /// In the order of the keys.
  var all: [Count] { counts.withLock { $0 } }

  /// Returns the number that is sent next.
  func next(_ index: Int) -> Int {
    counts.withLock {
      $0[index].sent += 1
      return $0[index].sent
    }
  }

  /// The number that was sent last is answered.
  func noteAnswer(_ index: Int) {
    counts.withLock { $0[index].answered = $0[index].sent }
  }

  /// Returns whether the write of this number has no answer yet. A number that was never sent is not noted: another
  /// check finds such an answer.
  func noteRead(_ number: Int, _ index: Int) -> Bool {
    counts.withLock {
      guard number <= $0[index].sent else { return false }
      $0[index].read = max($0[index].read, number)
      return number > $0[index].answered
    }
  }
}
