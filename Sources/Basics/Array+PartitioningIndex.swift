extension Array {
  /// The first index whose element satisfies the predicate. The array must be partitioned by it.
  /// O(log count).
  @inlinable
  public func partitioningIndex(where isInSecondPart: (Element) -> Bool) -> Int {
    indices.partitioningIndex { isInSecondPart(self[$0]) }
  }
}

extension Range<Int> {
  /// The first number that satisfies the predicate, or the upper bound; the range must be partitioned by
  /// it. O(log count).
  @inlinable
  public func partitioningIndex(where isInSecondPart: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isInSecondPart(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
