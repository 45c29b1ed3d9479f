import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The memory of a memtable, which one thread fills while others read it. An offset identifies a
/// place in it.
///
/// It consists of chunks that never move, and is freed as a whole: no reader can hold on to freed
/// memory, and nobody has to find out when the last reader has left a part of it. Of a new chunk,
/// the system allocates only the pages that are touched, filled with zeros.
///
/// Two rules make it safe to read without a lock:
///
/// - The writer writes to new memory, which no reader knows about until a `storeReleasing`
///   publishes its offset. A reader that got the offset with `loadAcquiring` sees everything
///   written before, and reads it with `load`.
/// - What changes after that is a 32-bit word, and it changes only with `storeReleasing`.
///
/// This is the only file of the memtable that touches raw memory. Every access is checked to be
/// inside one chunk, and only integers are read, for which any bits are valid. So a mistake
/// elsewhere may read the wrong node, but never memory outside the arena.
@safe
struct SharedArena: ~Copyable {
  /// Every allocation begins at a multiple of this, so that 31 bits reach 16 GiB.
  static let alignment = 8
  static let maximumBytes = alignment << 31
  /// Room for at least three of the largest entries.
  static let chunkBytes = 1 << 22
  /// The root's slot takes the first bytes, so no node has offset 0, which means none.
  static let rootSlot = 0

  /// The start of each chunk, or nil. A reader that knows an offset in a chunk got it with an
  /// acquiring load, from a writer that had stored the chunk here before.
  private let chunks: UnsafeMutableBufferPointer<UnsafeMutableRawPointer?>
  private let given = Atomic(0)

  init() {
    unsafe chunks = .allocate(capacity: Self.maximumBytes / Self.chunkBytes)
    unsafe chunks.initialize(repeating: nil)
    _ = allocate(Self.alignment)
  }

  deinit {
    for index in unsafe chunks.indices {
      if let chunk = unsafe chunks[index] { unsafe munmap(chunk, Self.chunkBytes) }
    }
    unsafe chunks.deallocate()
  }

  /// The bytes allocated so far, including the unused rest at the end of each full chunk. Any
  /// thread may ask.
  var bytes: Int { given.load(ordering: .relaxed) }

  /// Allocates `count` zeroed bytes and returns their offset. Only the writer calls this. O(1).
  func allocate(_ count: Int) -> Int {
    let size = (count + Self.alignment - 1) & -Self.alignment
    precondition(count > 0 && size <= Self.chunkBytes)
    var offset = given.load(ordering: .relaxed)
    let left = -offset & (Self.chunkBytes - 1)
    if left < size {
      offset += left
      addChunk(at: offset / Self.chunkBytes)
    }
    given.store(offset + size, ordering: .relaxed)
    return offset
  }

  private func addChunk(at index: Int) {
    precondition(index < Self.maximumBytes / Self.chunkBytes, "a memtable takes at most 16 GiB")
    let chunk = unsafe mmap(
      nil, Self.chunkBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let chunk = unsafe chunk, unsafe chunk != MAP_FAILED else {
      preconditionFailure("the system has no memory left")
    }
    unsafe chunks[index] = chunk
  }

  /// The address of `count` bytes. Traps unless they are inside one chunk.
  @inline(__always)
  private func address(of offset: Int, _ count: Int) -> UnsafeMutableRawPointer {
    let start = offset & (Self.chunkBytes - 1)
    precondition(offset >= 0 && offset < Self.maximumBytes)
    precondition(count >= 0 && count <= Self.chunkBytes - start)
    guard let chunk = unsafe chunks[offset / Self.chunkBytes] else {
      preconditionFailure("there is no memory at \(offset)")
    }
    return unsafe chunk + start
  }
}

// One owner at a time writes, and the two rules above make concurrent reads safe.
extension SharedArena: @unchecked Sendable {}

// Memory that is written once, before readers know about it.
extension SharedArena {
  func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number {
    unsafe address(of: offset, MemoryLayout<Number>.size).loadUnaligned(as: Number.self)
  }

  func store(_ number: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
    let size = MemoryLayout.size(ofValue: number)
    unsafe address(of: offset, size).storeBytes(of: number, as: type(of: number))
  }

  func store(_ bytes: Span<UInt8>, at offset: Int) {
    let target = unsafe address(of: offset, bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      unsafe target.copyMemory(from: start, byteCount: source.count)
    }
  }

  func copy(from source: Int, to target: Int, count: Int) {
    unsafe address(of: target, count).copyMemory(from: address(of: source, count), byteCount: count)
  }

  /// Appends the bytes in `range` to `bytes`.
  func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
    let start = unsafe address(of: range.lowerBound, range.count)
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: range.count))
  }

  /// Negative if the bytes in `range` sort before `other`, positive if after, 0 if they are equal.
  /// A prefix sorts before any longer sequence.
  func compare(_ range: Range<Int>, to other: Span<UInt8>) -> Int {
    let start = unsafe address(of: range.lowerBound, range.count)
    let order = unsafe other.withUnsafeBytes { other in
      guard let others = other.baseAddress else { return 0 }
      return unsafe Int(memcmp(start, others, min(range.count, other.count)))
    }
    return order != 0 ? order : range.count - other.count
  }

  /// The length of the longest common prefix of the bytes in `range` and `other`.
  func commonPrefix(of range: Range<Int>, with other: Span<UInt8>) -> Int {
    let start = unsafe address(of: range.lowerBound, range.count)
    let mine = unsafe Span(
      _unsafeElements: UnsafeRawBufferPointer(start: start, count: range.count)
        .assumingMemoryBound(to: UInt8.self))
    let limit = min(mine.count, other.count)
    var common = 0
    while common < limit, mine[common] == other[common] { common += 1 }
    return common
  }
}

// Memory that changes while others read it: 32-bit words.
extension SharedArena {
  private func word(at offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    precondition(offset % MemoryLayout<UInt32>.size == 0)
    // An atomic word has the layout of a plain word, and the memory holds a valid one from the
    // start: 0.
    return unsafe address(of: offset, MemoryLayout<UInt32>.size)
      .assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  func loadAcquiring(at offset: Int) -> UInt32 {
    unsafe word(at: offset).pointee.load(ordering: .acquiring)
  }

  func storeReleasing(_ number: UInt32, at offset: Int) {
    unsafe word(at: offset).pointee.store(number, ordering: .releasing)
  }
}
