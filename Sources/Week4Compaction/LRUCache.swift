/// A dictionary that knows its least recently used entry. Its owner decides when to evict. Every
/// call is O(1).
public struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  @usableFromInline var slotOfKey: [Key: Int] = [:]
  /// The content of each slot; nil if it is free.
  @usableFromInline var entries: [(key: Key, value: Value)?] = []
  @usableFromInline var freeSlots: [Int] = []

  /// The slots as a doubly linked list, from the most recently used entry to the least.
  @usableFromInline var links: [Link] = []
  @usableFromInline var newest = Self.none
  @usableFromInline var oldest = Self.none

  @usableFromInline
  struct Link: Sendable {
    @usableFromInline var newer: Int
    @usableFromInline var older: Int

    @inlinable
    init(newer: Int, older: Int) {
      self.newer = newer
      self.older = older
    }
  }

  /// The number that means no slot.
  @inlinable static var none: Int { -1 }

  @inlinable
  public init() {}

  @inlinable public var count: Int { slotOfKey.count }

  /// The value of `key`, which becomes the most recently used entry.
  @inlinable
  public mutating func value(for key: Key) -> Value? {
    guard let slot = slotOfKey[key] else { return nil }
    if slot != newest {
      unlink(slot)
      linkAsNewest(slot)
    }
    return entries[slot]?.value
  }

  /// Adds `key` as the most recently used entry, and returns the value that it replaces.
  @inlinable
  @discardableResult
  public mutating func insert(_ value: Value, for key: Key) -> Value? {
    let replaced = remove(key)
    let slot = freeSlots.popLast() ?? entries.count
    if slot == entries.count {
      entries.append((key, value))
      links.append(Link(newer: Self.none, older: Self.none))
    } else {
      entries[slot] = (key, value)
    }
    slotOfKey[key] = slot
    linkAsNewest(slot)
    return replaced
  }

  /// Removes `key`, and returns its value if it was there.
  @inlinable
  @discardableResult
  public mutating func remove(_ key: Key) -> Value? {
    guard let slot = slotOfKey.removeValue(forKey: key) else { return nil }
    return free(slot)?.value
  }

  /// Removes the least recently used entry, and returns its value.
  @inlinable
  @discardableResult
  public mutating func removeOldest() -> Value? {
    guard oldest != Self.none, let (key, value) = free(oldest) else { return nil }
    slotOfKey[key] = nil
    return value
  }

  /// Unlinks `slot` and empties it, and returns what was in it. Does not touch `slotOfKey`.
  @inlinable
  mutating func free(_ slot: Int) -> (key: Key, value: Value)? {
    unlink(slot)
    freeSlots.append(slot)
    return entries[slot].take()
  }

  /// Takes `slot` out of the list.
  @inlinable
  mutating func unlink(_ slot: Int) {
    let link = links[slot]
    if link.newer == Self.none { newest = link.older } else { links[link.newer].older = link.older }
    if link.older == Self.none { oldest = link.newer } else { links[link.older].newer = link.newer }
  }

  /// Puts `slot`, which is in no list, at the newest end.
  @inlinable
  mutating func linkAsNewest(_ slot: Int) {
    links[slot] = Link(newer: Self.none, older: newest)
    if newest == Self.none { oldest = slot } else { links[newest].newer = slot }
    newest = slot
  }
}
