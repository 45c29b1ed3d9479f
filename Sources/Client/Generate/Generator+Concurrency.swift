import Scenarios

/// Scenarios whose batches run at once: 50 writes, BARRIER, 50 reads, BARRIER, and so on.
extension Generator {
  static let batchSize = 50

  mutating func addBatches(_ requests: Int) {
    var left = requests
    while left > 0 {
      let writes = nextWrites(min(left, Self.batchSize))
      left -= writes.count
      for write in writes { add(write.request) }
      model.apply(concurrently: writes)
      if left == 0 { break }
      addBarrier()
      let reads = min(left, Self.batchSize)
      left -= reads
      for _ in 0..<reads { add(nextRead(after: writes)) }
      if left > 0 { addBarrier() }
    }
  }

  /// One write in ten is to a key that the batch already writes, so that two writes race.
  private mutating func nextWrites(_ count: Int) -> [Write] {
    var batch: [Write] = []
    for _ in 0..<count {
      if !batch.isEmpty && random.oneIn(10) {
        let rival = batch[random.below(batch.count)].key
        batch.append(Write(rival, random.oneIn(10) ? .absent : randomValue()))
      } else {
        batch.append(nextWrite())
      }
    }
    return batch
  }

  /// One GET in five is a miss. Of the others, every second one reads a key that was just written.
  private mutating func nextRead(after writes: [Write]) -> Request {
    let key = random.oneIn(5) ? absentKey() : writtenKey(of: writes) ?? absentKey()
    return .get(key, model.expectation(of: key))
  }

  private mutating func writtenKey(of writes: [Write]) -> Key? {
    if random.oneIn(2) {
      let key = writes[random.below(writes.count)].key
      if model.present.contains(key) { return key }
    }
    return presentKey()
  }
}
