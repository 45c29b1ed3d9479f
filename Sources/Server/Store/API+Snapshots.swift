import NIOHTTP1
import Week1Memory
import Weeks

extension API {
  func takeSnapshot(_ reply: Reply) -> Outcome? {
    let snapshots = threads.snapshots
    return threads.call(reply) { (store) throws(StorageError) in
      let snapshot = try store.snapshot()
      do throws(Refusal) {
        return .snapshotTaken(try snapshots.add(snapshot))
      } catch {
        return .refused(error)
      }
    }
  }

  /// Releasing may free everything that only the snapshot held, which is too much work for an event
  /// loop.
  func releaseSnapshot(_ name: String, _ reply: Reply) -> Outcome? {
    let snapshots = threads.snapshots
    return threads.call(reply) { _ in
      snapshots.remove(name) ? .snapshotReleased : .refused(.snapshotIsAbsent)
    }
  }

  func get(_ key: Key, from name: String, _ reply: Reply) -> Outcome? {
    guard let snapshot = threads.snapshots.use(name) else { return .refused(.snapshotIsGone) }
    return threads.call(reply) { (_) throws(StorageError) in .value(try snapshot.get(key)) }
  }
}
