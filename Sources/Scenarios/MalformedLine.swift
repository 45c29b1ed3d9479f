/// What is wrong with a line of a scenario.
package enum MalformedLine: Error, Equatable {
  case unknown(verb: String)
  case notPrintable(UInt8)
  case noKey
  case key(MalformedKey)
  case words(after: String, String)
  case absentIsNoValue
  case scannedKeys
  case openList
  case emptyList
}

extension MalformedLine: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknown(let verb):
      "unknown request \(Excerpt.quoted(verb.utf8)); a line starts with PUT, GET, DELETE, SCAN, "
        + "BARRIER or #"
    case .notPrintable(let byte):
      "the line holds the byte \(Excerpt.name(of: byte)); outside a comment only printable ASCII "
        + "is allowed"
    case .noKey:
      "there is no key"
    case .key(let rule):
      rule.description
    case .words(let verb, let what):
      "after \(verb) comes \(what), and no other word"
    case .absentIsNoValue:
      "NOT_FOUND is a word and not a value: a GET could not expect it"
    case .scannedKeys:
      "the keys of a SCAN hold a letter of A to Z, which no key does"
    case .openList:
      "the list has no closing bracket; to expect the value [x, write [[x]"
    case .emptyList:
      "the list is empty; to expect the empty value, leave it out"
    }
  }
}
