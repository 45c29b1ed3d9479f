import Client
import Scenarios
import Testing

struct GeneratorTests {
  private static let sequences: [Workload] = [.put, .putDelete, .putDeleteScan]

  @Test("the same seed gives the same scenario, to the byte", arguments: Workload.allCases)
  func sameSeed(kind: Workload) throws {
    let first = Generator.scenario(kind, requests: 2_000, seed: 5)
    #expect(first == Generator.scenario(kind, requests: 2_000, seed: 5))
    let other = Generator.scenario(kind, requests: 2_000, seed: 6)
    #expect(try requests(first) != requests(other))
  }

  @Test("every expectation agrees with an independent model", arguments: sequences, 0..<3)
  func model(kind: Workload, seed: UInt64) throws {
    var values: [Key: String] = [:]
    for request in try requests(Generator.scenario(kind, requests: 5_000, seed: seed)) {
      switch request {
      case .put(let key, let value): values[key] = value
      case .delete(let key): values[key] = nil
      case .get(let key, let expectation):
        #expect(expectation == Expectation([values[key].map { .value($0) } ?? .absent]))
      case .scan(let from, let to, let keys):
        let live = values.keys.filter { from <= $0 && $0 < to }.sorted()
        #expect(keys == live.map(\.text).joined(separator: ","))
        #expect(from < to && live.count <= 10)
      }
    }
  }

  @Test("keys have five letters, and values are numbers of 0 to 999", arguments: Workload.allCases)
  func shapes(kind: Workload) throws {
    for request in try requests(Generator.scenario(kind, requests: 3_000, seed: 9)) {
      guard case .put(let key, let value) = request else { continue }
      #expect(key.text.utf8.count == 5 && key.text.allSatisfy { ("a"..."z").contains($0) })
      #expect((0...999).contains(Int(value) ?? -1))
    }
  }

  @Test("requests have the right proportions", arguments: Workload.allCases)
  func proportions(kind: Workload) throws {
    let counts = try Counts(Generator.scenario(kind, requests: 20_000, seed: 11))
    let writes = counts.puts + counts.deletes
    #expect(counts.total == 20_000)
    #expect(isNear(counts.scans, kind == .putDeleteScan ? 200 : 0))
    let reads = kind == .concurrency ? 10_000 : (20_000 - counts.scans) / 5
    #expect(isNear(counts.gets, reads))
    #expect(isNear(counts.misses, counts.gets / 5))
    #expect(isNear(counts.deletes, kind == .put ? 0 : writes / 10))
    #expect(isNear(counts.updates, counts.puts / 2))
  }

  /// Within a fifth: far wider than chance for a fixed seed, and far narrower than a wrong rule.
  private func isNear(_ count: Int, _ expected: Int) -> Bool {
    abs(count - expected) <= expected / 5
  }

  @Test("a deleted key is read, deleted again and written again")
  func deletedKeys() throws {
    var deleted: Set<Key> = []
    var seen: Set<String> = []
    for request in try requests(Generator.scenario(.putDelete, requests: 5_000, seed: 2)) {
      switch request {
      case .put(let key, _):
        if deleted.remove(key) != nil { seen.insert("written") }
      case .delete(let key):
        if !deleted.insert(key).inserted { seen.insert("deleted") }
      case .get(let key, _):
        if deleted.contains(key) { seen.insert("read") }
      case .scan: break
      }
    }
    #expect(seen == ["written", "deleted", "read"])
  }

  @Test("the default numbers of lines are those of the series")
  func defaults() {
    #expect(Workload.allCases.map(\.defaultRequests) == [30_000, 30_000, 100_000, 30_000])
  }
}

/// The number of requests of each kind in a scenario.
private struct Counts {
  var total = 0
  var puts = 0
  var updates = 0
  var gets = 0
  var misses = 0
  var deletes = 0
  var scans = 0
  private var live: Set<Key> = []

  init(_ text: String) throws {
    for request in try requests(text) { count(request) }
  }

  private mutating func count(_ request: Request) {
    total += 1
    switch request {
    case .put(let key, _):
      puts += 1
      if !live.insert(key).inserted { updates += 1 }
    case .delete(let key):
      deletes += 1
      live.remove(key)
    case .get(_, let expectation):
      gets += 1
      if expectation == Expectation([.absent]) { misses += 1 }
    case .scan: scans += 1
    }
  }
}
