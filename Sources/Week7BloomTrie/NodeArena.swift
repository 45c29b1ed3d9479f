/// The memory of a tree's nodes: one buffer, in which a node is an offset.
///
/// An offset takes 32 bits where a pointer takes 64: the children of a node take half the memory,
/// and more of the tree stays in the processor's caches. A full buffer is copied to one twice as
/// large, so each byte is copied about once on average; offsets stay valid.
///
/// This is the only file of the tree that touches raw memory. Every access is checked against the part
/// that was allocated, all of which is zeroed first, and only integers are read, for which any bits are
/// valid. So a mistake elsewhere may read the wrong node, but never memory outside the arena.
@safe @usableFromInline
struct NodeArena: ~Copyable {
  /// Nodes begin at multiples of this, so an offset without its lowest bits reaches 16 GiB in 31 bits.
  static let alignment = 8
  static let maximumBytes = alignment << 31
  /// The root's slot takes the first bytes, so no node has offset 0, which means none.
  static let rootSlot = 0

  @usableFromInline var base: UnsafeMutableRawPointer
  private var capacity = 1 << 10

  /// The bytes allocated so far, including those of released nodes, which are reused.
  private(set) var bytes = alignment
  /// For each kind, the number of nodes in use, and the offset of the node released last, or 0.
  /// Each released node begins with the offset of the one released before it: a free list.
  private var counts = [Int](repeating: 0, count: NodeKind.allCases.count)
  private var released = [UInt64](repeating: 0, count: NodeKind.allCases.count)

  init() {
    unsafe base = .allocate(byteCount: capacity, alignment: Self.alignment)
    fillWithZeros(0..<Self.alignment)
  }

  // Inlinable because inlinable code of `RadixTree` may destroy an arena. Otherwise the compiler
  // (Swift 6.3) crashes when it optimizes.
  @inlinable
  deinit {
    unsafe base.deallocate()
  }

  func count(of kind: NodeKind) -> Int { counts[Int(kind.rawValue)] }

  /// Allocates `kind.size` zeroed bytes and returns their offset. O(1), unless the arena has to grow.
  mutating func allocate(_ kind: NodeKind) -> Int {
    let index = Int(kind.rawValue)
    counts[index] += 1
    var offset = Int(released[index])
    if offset != 0 {
      released[index] = load(UInt64.self, at: offset)
    } else {
      offset = bytes
      while capacity - bytes < kind.size { grow() }
      bytes += kind.size
    }
    fillWithZeros(offset..<offset + kind.size)
    return offset
  }

  /// Frees a node that nothing refers to any more.
  mutating func release(_ offset: Int, of kind: NodeKind) {
    let index = Int(kind.rawValue)
    counts[index] -= 1
    store(released[index], at: offset)
    released[index] = UInt64(offset)
  }

  /// Frees all nodes, and clears the root's slot. Keeps the memory.
  mutating func removeAll() {
    bytes = Self.alignment
    fillWithZeros(0..<bytes)
    for index in counts.indices { (counts[index], released[index]) = (0, 0) }
  }

  private mutating func grow() {
    precondition(capacity <= Self.maximumBytes / 2, "a tree holds at most 16 GiB of nodes")
    capacity *= 2
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Self.alignment)
    unsafe larger.copyMemory(from: base, byteCount: bytes)
    unsafe base.deallocate()
    unsafe base = larger
  }
}

// Access to the memory.
extension NodeArena {
  /// Traps unless all of the bytes are allocated.
  private func check(_ offset: Int, _ count: Int) {
    precondition(offset >= 0 && count >= 0 && offset <= bytes - count)
  }

  private mutating func fillWithZeros(_ range: Range<Int>) {
    check(range.lowerBound, range.count)
    unsafe (base + range.lowerBound).initializeMemory(
      as: UInt8.self, repeating: 0, count: range.count)
  }

  func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number {
    check(offset, MemoryLayout<Number>.size)
    return unsafe base.loadUnaligned(fromByteOffset: offset, as: Number.self)
  }

  mutating func store(_ number: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
    check(offset, MemoryLayout.size(ofValue: number))
    unsafe base.storeBytes(of: number, toByteOffset: offset, as: type(of: number))
  }

  /// Copies `count` bytes. The two ranges may overlap.
  mutating func copy(from source: Int, to target: Int, count: Int) {
    check(source, count)
    check(target, count)
    unsafe (base + target).copyMemory(from: base + source, byteCount: count)
  }
}

// An arena has one owner, and only the owner can change it. Reading changes nothing.
extension NodeArena: @unchecked Sendable {}
