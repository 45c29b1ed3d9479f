/// A dictionary that knows which of its entries was least recently used. Whoever owns it decides when
/// to evict. Every call takes O(1).
public struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var slots: [Slot] = []
  private var slotOfKey: [Key: Int] = [:]
  private var freeSlots: [Int] = []

  /// The entries as a doubly linked list through their slots, from the most recently used to the least.
  private var newest: Int?
  private var oldest: Int?

  private struct Slot: Sendable {
    let key: Key
    /// Nil in a free slot.
    var value: Value?
    var newer: Int?
    var older: Int?
  }

  public init() {}

  public var count: Int { slotOfKey.count }

  /// The value of `key`, which becomes the most recently used.
  public mutating func value(for key: Key) -> Value? {
    guard let slot = slotOfKey[key] else { return nil }
    if slot != newest {
      unlink(slot)
      linkAsNewest(slot)
    }
    return slots[slot].value
  }

  /// Adds `key` as the most recently used, and returns the value that it replaces.
  @discardableResult
  public mutating func insert(_ value: Value, for key: Key) -> Value? {
    let new = Slot(key: key, value: value)
    let slot = freeSlots.popLast() ?? slots.count
    if slot == slots.count { slots.append(new) } else { slots[slot] = new }
    let replaced = slotOfKey.updateValue(slot, forKey: key)
    linkAsNewest(slot)
    return replaced.flatMap { free($0) }
  }

  /// Removes `key`, and returns its value if it was there.
  @discardableResult
  public mutating func remove(_ key: Key) -> Value? {
    guard let slot = slotOfKey.removeValue(forKey: key) else { return nil }
    return free(slot)
  }

  /// Removes the least recently used entry, and returns its value.
  @discardableResult
  public mutating func removeOldest() -> Value? {
    guard let oldest else { return nil }
    slotOfKey[slots[oldest].key] = nil
    return free(oldest)
  }

  private mutating func free(_ slot: Int) -> Value? {
    unlink(slot)
    freeSlots.append(slot)
    return slots[slot].value.take()
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
