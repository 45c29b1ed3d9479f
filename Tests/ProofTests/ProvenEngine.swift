import Week1Memory
import Week4Compaction

/// An open engine of any week in the hands of a proof: its calls as functions. Those that the week
/// does not have are nil.
struct ProvenEngine {
  let get: (Key) throws(StorageError) -> Value?
  let set: (Key, Value) throws(StorageError) -> Void
  private(set) var delete: ((Key) throws(StorageError) -> Void)?
  let flush: () throws(StorageError) -> Void
  private(set) var compact: (() throws(StorageError) -> Void)?
  let sync: () throws(StorageError) -> Void
  let close: () throws(StorageError) -> Void
  let writesStopped: () -> StorageError?
  let memtableIsEmpty: () -> Bool

  init<Engine: StorageEngine & ~Copyable>(
    _ engine: consuming Engine, flush: @escaping (inout Engine) throws(StorageError) -> Void
  ) {
    self.init(Owner(engine), flush)
  }

  init<Engine: DeletingEngine & ~Copyable>(
    deleting engine: consuming Engine,
    flush: @escaping (inout Engine) throws(StorageError) -> Void,
    compact: @escaping (inout Engine) throws(StorageError) -> Void
  ) {
    let owner = Owner(engine)
    self.init(owner, flush)
    delete = { (key) throws(StorageError) in try owner.engine.delete(key) }
    self.compact = { () throws(StorageError) in try compact(&owner.engine) }
  }

  private init<Engine: StorageEngine & ~Copyable>(
    _ owner: Owner<Engine>, _ flush: @escaping (inout Engine) throws(StorageError) -> Void
  ) {
    get = { (key) throws(StorageError) in try owner.engine.get(key) }
    set = { (key, value) throws(StorageError) in try owner.engine.set(key, to: value) }
    self.flush = { () throws(StorageError) in try flush(&owner.engine) }
    sync = { () throws(StorageError) in try owner.engine.sync() }
    close = { () throws(StorageError) in try owner.engine.close() }
    writesStopped = { owner.engine.writesStopped }
    memtableIsEmpty = {
      owner.engine.statistics.contains { $0.name == "memtable_entries" && $0.value == 0 }
    }
  }
}

/// The engine itself, which is not copyable. It is let go of, as in a kill, when the last function
/// that refers to it is.
private final class Owner<Engine: StorageEngine & ~Copyable> {
  var engine: Engine

  init(_ engine: consuming Engine) {
    self.engine = engine
  }
}
