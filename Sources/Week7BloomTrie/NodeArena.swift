/// The memory of a tree's nodes: one piece, in which a node is an offset.
///
/// An offset takes 32 bits where a pointer takes 64, so a node with its children is half as large, and
/// twice as much of the tree stays in the processor's caches. The piece doubles when it is full, and is
/// copied: a byte is copied once on average, and offsets remain as they are.
///
/// This is the only file of the week that touches raw memory. Every access is checked against what has
/// been given out, all of which was filled with zeros before, and no type that is read here has bits
/// without a meaning: a mistake elsewhere may read the wrong node, but never what is not a node's.
@safe struct NodeArena: ~Copyable {
  /// Nodes begin at multiples of this, so an offset without its lowest bits reaches 16 GiB in 31 bits.
  static let alignment = 8
  static let maximumBytes = alignment << 31
  /// The first bytes are no node's: they are the root's slot, and 0 stands for no node.
  static let rootSlot = 0

  private var base: UnsafeMutableRawPointer
  private var capacity = 1 << 10

  /// The bytes that were given out, with those of nodes that were released and wait to be used again.
  private(set) var bytes = alignment
  /// By kind: how many nodes are in use, and the offset of the one that was released last, or 0. It
  /// holds the offset of the one before.
  private var counts = [Int](repeating: 0, count: NodeKind.allCases.count)
  private var released = [UInt64](repeating: 0, count: NodeKind.allCases.count)

  init() {
    unsafe base = .allocate(byteCount: capacity, alignment: Self.alignment)
    fillWithZeros(0..<Self.alignment)
  }

  deinit {
    unsafe base.deallocate()
  }

  func count(of kind: NodeKind) -> Int { counts[Int(kind.rawValue)] }

  /// The offset of `kind.size` bytes, all of them 0. O(1), unless the arena has to grow.
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

  /// Takes back a node that nothing refers to any more.
  mutating func release(_ offset: Int, _ kind: NodeKind) {
    let index = Int(kind.rawValue)
    counts[index] -= 1
    store(released[index], at: offset)
    released[index] = UInt64(offset)
  }

  /// Takes back all nodes, and clears the root's slot. The memory stays.
  mutating func removeAll() {
    bytes = Self.alignment
    fillWithZeros(0..<bytes)
    for index in counts.indices { (counts[index], released[index]) = (0, 0) }
  }

  private mutating func grow() {
    precondition(capacity <= Self.maximumBytes / 2, "a tree holds at most 16 GiB of nodes")
    capacity *= 2
    let larger = UnsafeMutableRawPointer.allocate(
      byteCount: capacity, alignment: Self.alignment)
    unsafe larger.copyMemory(from: base, byteCount: bytes)
    unsafe base.deallocate()
    unsafe base = larger
  }
}

// What is in the memory.
extension NodeArena {
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

  /// Sixteen bytes at once.
  func loadSixteen(at offset: Int) -> SIMD16<UInt8> {
    check(offset, 16)
    return unsafe base.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
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

// It has one owner, and what is only lent to several threads is read, which changes nothing.
extension NodeArena: @unchecked Sendable {}
