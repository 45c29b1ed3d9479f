import Synchronization

/// Bounds the memory of all batches that have arrived or are arriving: each may be large, and there
/// may be thousands of connections.
package final class BatchMemory: Sendable {
  private let left: Mutex<Int>

  package init(bytes: Int = 256 << 20) {
    left = Mutex(bytes)
  }

  /// The memory of one batch, given back when nobody holds this any more.
  package final class Share: Sendable {
    private let memory: BatchMemory
    private let taken = Mutex(0)

    package init(of memory: BatchMemory) {
      self.memory = memory
    }

    deinit { memory.give(back: taken.withLock { $0 }) }

    /// Takes `bytes` more. Returns false, and takes none, if not enough are left.
    package func grow(by bytes: Int) -> Bool {
      guard memory.take(bytes) else { return false }
      taken.withLock { $0 += bytes }
      return true
    }
  }

  private func take(_ bytes: Int) -> Bool {
    left.withLock { left in
      if left < bytes { return false }
      left -= bytes
      return true
    }
  }

  private func give(back bytes: Int) {
    left.withLock { $0 += bytes }
  }
}
