public import ArgumentParser

extension Option where Value == Int {
  /// A number within `range`. The help shows the range and the default, and the error for a number
  /// outside the range shows the range.
  public init(wrappedValue: Int, _ range: ClosedRange<Int>, _ help: String) {
    let bounds = "\(range.lowerBound) to \(range.upperBound)"
    self.init(
      wrappedValue: wrappedValue,
      help: ArgumentHelp("\(help) (\(bounds); default: \(wrappedValue))", valueName: "number")
    ) { text in
      guard let number = Int(text), range.contains(number) else {
        throw ValidationError("it has to be a whole number from \(bounds)")
      }
      return number
    }
  }
}
