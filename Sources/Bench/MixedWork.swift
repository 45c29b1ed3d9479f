import Synchronization
import Week1Memory
import Weeks

/// Gets of one thread, first at rest, and then beside a thread that sets at random. Each is timed.
struct MixedWork: Sendable {
  let store: any Store
  let workload: Workload
  let report: Report
  private let isWriting = Flag()

  init(store: any Store, workload: Workload, report: Report) {
    self.store = store
    self.workload = workload
    self.report = report
  }

  func run() throws {
    let count = max(1, workload.entries / 4)
    let (atRest, reads, writes) = (Latencies(), Latencies(), Latencies())
    let rest = try Cost {
      var times = atRest.begin()
      defer { atRest.add(times) }
      for i in 0..<count { try read(i, &times) }
    }
    report.add("readatrest", threads: 1, count: count, rest, atRest)
    let both = try Cost {
      try withThreads(2) { thread in
        if thread == 0 { try write(writes) } else { try readWhileWriting(reads) }
      }
    }
    report.add("readwhilewriting", threads: 1, count: reads.count, both, reads)
    report.add("writewhilereading", threads: 1, count: writes.count, both, writes)
  }

  private func read(_ i: Int, _ times: inout Times) throws {
    let value = try times.time(i) { try store.get(workload.presentKey(i)) }
    if value?.bytes.count != Workload.valueLength { throw WrongAnswer() }
  }

  private func readWhileWriting(_ latencies: Latencies) throws {
    var times = latencies.begin()
    defer { latencies.add(times) }
    var i = 0
    while isWriting.isSet {
      try read(i, &times)
      i += 1
    }
  }

  private func write(_ latencies: Latencies) throws {
    var times = latencies.begin()
    defer {
      latencies.add(times)
      isWriting.clear()
    }
    for i in 0..<workload.entries {
      try times.time(i) { try store.set(workload.presentKey(i), to: workload.value(i)) }
    }
  }
}

/// A flag that is set until a thread clears it.
private final class Flag: Sendable {
  private let value = Atomic(true)

  var isSet: Bool { value.load(ordering: .acquiring) }

  func clear() { value.store(false, ordering: .releasing) }
}
