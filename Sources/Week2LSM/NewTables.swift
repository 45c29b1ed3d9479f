public import Disk
import Synchronization
import Week1Memory

/// Hands out the numbers of new tables, each at most once, whatever happens to the table. Any
/// thread may take one.
public final class TableNumbers: Sendable {
  private let nextNumber: Atomic<Int>

  public init(next: Int) {
    nextNumber = Atomic(next)
  }

  public var next: Int { nextNumber.load(ordering: .relaxed) }

  public func take() -> Int {
    nextNumber.wrappingAdd(1, ordering: .relaxed).oldValue
  }
}

/// Tables that are being written, and that no manifest names yet. The files of those that do not
/// become part of the store are removed.
public struct NewTables: ~Copyable, Sendable {
  public let directory: Directory
  @usableFromInline let numbers: TableNumbers
  @usableFromInline var taken: [Int] = []

  @inlinable
  public init(in directory: Directory, numbers: TableNumbers) {
    self.directory = directory
    self.numbers = numbers
  }

  // Inlinable because inlinable code may destroy one. Otherwise the compiler (Swift 6.3) crashes
  // when it optimizes.
  @inlinable
  deinit {
    directory.removeTables(taken)
  }

  @inlinable public var isEmpty: Bool { taken.isEmpty }

  /// A number for one more table, which no table has had before.
  @inlinable
  public mutating func takeNumber() -> Int {
    taken.append(numbers.take())
    return taken[taken.count - 1]
  }

  /// Keeps the files when this is destroyed, and returns their numbers.
  package mutating func keep() -> [Int] {
    defer { taken = [] }
    return taken
  }
}

extension Directory {
  /// Removes the tables with these numbers, which no manifest names. One that cannot be removed is
  /// left for the next start.
  public func removeTables(_ numbers: [Int]) {
    if numbers.isEmpty { return }
    let removed = Set(numbers)
    for name in (try? names()) ?? [] {
      guard let number = TableRecord.number(inName: name), removed.contains(number) else {
        continue
      }
      try? remove(name)
    }
  }
}
