public import Week1Memory

/// Keys that were lately asked for and not there, so that asking again reads no table.
///
/// It holds at most `capacity` keys, and forgets the one that was not asked for the longest (LRU).
/// A key that is set must be removed here first. All calls take constant time.
public struct NegativeCache: Sendable {
  private let capacity: Int
  private var slots: [Slot] = []
  private var slotOfKey: [Key: Int] = [:]
  private var freeSlots: [Int] = []

  /// The keys as a list, linked through their slots, from the one last asked for to the oldest.
  private struct Slot {
    var key: Key
    var newer: Int?
    var older: Int?
  }
  private var newest: Int?
  private var oldest: Int?

  public private(set) var hits = 0
  public private(set) var misses = 0

  /// A capacity of 0 makes a cache that remembers nothing.
  public init(capacity: Int) {
    self.capacity = capacity
  }

  public var count: Int { slotOfKey.count }

  /// Whether `key` is known to be absent. If it is, it becomes the key last asked for.
  public mutating func contains(_ key: Key) -> Bool {
    guard let slot = slotOfKey[key] else {
      misses += 1
      return false
    }
    hits += 1
    unlink(slot)
    linkAsNewest(slot)
    return true
  }

  /// Remembers that `key` is absent.
  public mutating func insert(_ key: Key) {
    if capacity == 0 { return }
    remove(key)
    if count == capacity, let oldest { remove(slots[oldest].key) }
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count {
      slots.append(Slot(key: key))
    } else {
      slots[slot].key = key
    }
    slotOfKey[key] = slot
    linkAsNewest(slot)
  }

  /// Forgets `key`, which is about to be set.
  public mutating func remove(_ key: Key) {
    guard let slot = slotOfKey.removeValue(forKey: key) else { return }
    unlink(slot)
    freeSlots.append(slot)
  }

  public var statistics: [Statistic] {
    [
      .gauge("negative_cache_keys", count),
      .counter("negative_cache_hits", hits),
      .counter("negative_cache_misses", misses),
    ]
  }

  private mutating func unlink(_ slot: Int) {
    let (newer, older) = (slots[slot].newer, slots[slot].older)
    if let newer { slots[newer].older = older } else { newest = older }
    if let older { slots[older].newer = newer } else { oldest = newer }
  }

  private mutating func linkAsNewest(_ slot: Int) {
    slots[slot].newer = nil
    slots[slot].older = newest
    if let newest { slots[newest].newer = slot } else { oldest = slot }
    newest = slot
  }
}
