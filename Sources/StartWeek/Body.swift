/// The body of a function, an initialiser or an accessor: the text between its braces.
struct Body {
  enum Kind {
    case function, initialiser, accessor, deinitialiser
  }

  let kind: Kind
  /// `LogRecord.append(to:)`.
  let name: String
  /// Whether the declaration has the attribute `@Test`.
  let isTest: Bool
  /// The offsets of the bytes between the braces.
  let range: Range<Int>
  let tokens: ArraySlice<SwiftToken>

  /// The last part of its name: `append(to:)`.
  var member: Substring { name.suffix { $0 != "." } }
}

extension StringProtocol {
  fileprivate func suffix(while isPart: (Character) -> Bool) -> SubSequence {
    self[(lastIndex { !isPart($0) }.map(index(after:)) ?? startIndex)...]
  }
}
