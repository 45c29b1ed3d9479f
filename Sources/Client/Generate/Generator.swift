import Scenarios

/// Writes scenarios from a seed: the same seed gives the same bytes on every machine.
///
/// It keeps a model of what a correct server holds, and takes every expectation from it. One
/// request in a hundred is a SCAN (if the workload has them), one in five of the others a GET, and
/// the rest are writes.
package struct Generator {
  let workload: Workload
  var random: SplitMix64
  var model = Model()
  private var text: String

  /// The text of a scenario with this number of requests, for an empty server. Its first line says
  /// how to generate it again; comments and BARRIERs are not counted.
  package static func scenario(_ workload: Workload, requests: Int, seed: UInt64) -> String {
    var generator = Generator(workload, requests: requests, seed: seed)
    switch workload {
    case .put, .putDelete, .putDeleteScan: generator.addSequence(requests)
    case .concurrency: generator.addBatches(requests)
    }
    return generator.text
  }

  private init(_ workload: Workload, requests: Int, seed: UInt64) {
    self.workload = workload
    random = SplitMix64(seed: seed)
    text = """
      # generate \(workload.rawValue) --lines \(requests) --seed \(seed)
      # For a server that holds nothing yet.

      """
  }

  private mutating func addSequence(_ requests: Int) {
    for _ in 0..<requests {
      add(nextRequest())
    }
  }

  mutating func add(_ request: Request) {
    text += "\(request)\n"
  }

  mutating func addBarrier() {
    text += "BARRIER\n"
  }

  private mutating func nextRequest() -> Request {
    if workload.scans && random.oneIn(100) { return nextScan() }
    if !model.present.isEmpty && random.oneIn(5) { return nextGet() }
    let write = nextWrite()
    model.apply(write)
    return write.request
  }

  /// One write in ten is a DELETE (if the workload has them), and one DELETE in ten finds nothing
  /// to delete. One PUT in two is an update.
  mutating func nextWrite() -> Write {
    if workload.deletes && random.oneIn(10) {
      let key = random.oneIn(10) ? absentKey() : presentKey() ?? absentKey()
      return Write(key, .absent)
    }
    let key = random.oneIn(2) ? presentKey() ?? newKey() : newKey()
    return Write(key, randomValue())
  }

  mutating func randomValue() -> State { .value(String(random.below(1000))) }

  /// One GET in five is a miss.
  private mutating func nextGet() -> Request {
    let key = random.oneIn(5) ? absentKey() : presentKey() ?? absentKey()
    return .get(key, model.expectation(of: key))
  }

  /// A range of at most ten keys. It starts at a key or between two keys, and ends before a key, so
  /// that a server that omits the first or includes the last is caught.
  private mutating func nextScan() -> Request {
    let from = random.oneIn(2) ? presentKey() ?? randomKey() : randomKey()
    let next = model.present.keys(from: from, limit: 11)
    let count = next.first == from ? 1 + random.below(10) : random.below(11)
    let to = count < next.count ? next[count] : Self.afterLastKey
    let keys = next.prefix(count).map(\.text).joined(separator: ",")
    return .scan(from: from, to: to, keys: keys)
  }
}
