/// A cache of bounded cost, which forgets first what was not asked for the longest (least recently
/// used).
///
/// All calls take constant time, but for an insert that makes room by forgetting several entries.
public struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// What all entries may cost together.
  public let capacity: Int
  @usableFromInline var slots: [Slot] = []
  @usableFromInline var slotOfKey: [Key: Int] = [:]
  @usableFromInline var freeSlots: [Int] = []

  /// The entries as a list, linked through their slots, from the one last asked for to the oldest.
  @usableFromInline var newest: Int?
  @usableFromInline var oldest: Int?

  @usableFromInline var totalCost = 0
  @usableFromInline var hitCount = 0
  @usableFromInline var missCount = 0

  @usableFromInline
  struct Slot: Sendable {
    @usableFromInline var key: Key
    /// Nil in a free slot.
    @usableFromInline var value: Value?
    @usableFromInline var cost: Int
    @usableFromInline var newer: Int?
    @usableFromInline var older: Int?

    @inlinable
    init(_ key: Key, _ value: Value, _ cost: Int) {
      (self.key, self.value, self.cost) = (key, value, cost)
    }
  }

  /// A capacity of 0 makes a cache that remembers nothing.
  @inlinable
  public init(capacity: Int) {
    self.capacity = capacity
  }

  @inlinable public var count: Int { slotOfKey.count }
  /// What the entries cost together, never more than the capacity.
  @inlinable public var cost: Int { totalCost }
  @inlinable public var hits: Int { hitCount }
  @inlinable public var misses: Int { missCount }

  /// What is remembered for `key`, which becomes the one last asked for.
  @inlinable
  public mutating func value(for key: Key) -> Value? {
    guard let slot = slotOfKey[key] else {
      missCount += 1
      return nil
    }
    hitCount += 1
    if slot != newest {
      unlink(slot)
      linkAsNewest(slot)
    }
    return slots[slot].value
  }

  /// Remembers `value` for `key`, unless it alone costs more than the capacity.
  @inlinable
  public mutating func insert(_ value: Value, for key: Key, cost: Int = 1) {
    remove(key)
    if cost > capacity { return }
    while totalCost + cost > capacity, let oldest {
      slotOfKey[slots[oldest].key] = nil
      free(oldest)
    }
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count {
      slots.append(Slot(key, value, cost))
    } else {
      slots[slot] = Slot(key, value, cost)
    }
    slotOfKey[key] = slot
    totalCost += cost
    linkAsNewest(slot)
  }

  /// Forgets `key`.
  @inlinable
  public mutating func remove(_ key: Key) {
    if let slot = slotOfKey.removeValue(forKey: key) { free(slot) }
  }

  @inlinable
  mutating func free(_ slot: Int) {
    unlink(slot)
    slots[slot].value = nil
    totalCost -= slots[slot].cost
    freeSlots.append(slot)
  }

  @inlinable
  mutating func unlink(_ slot: Int) {
    let (newer, older) = (slots[slot].newer, slots[slot].older)
    if let newer { slots[newer].older = older } else { newest = older }
    if let older { slots[older].newer = newer } else { oldest = newer }
  }

  @inlinable
  mutating func linkAsNewest(_ slot: Int) {
    slots[slot].newer = nil
    slots[slot].older = newest
    if let newest { slots[newest].newer = slot } else { oldest = slot }
    newest = slot
  }
}
