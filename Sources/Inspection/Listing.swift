/// The description of a file or a directory, as facts and tables: one form for both text and JSON.
public struct Listing: Sendable {
  enum Field: Sendable {
    case text(String)
    case number(Int)
    case none
  }

  struct Fact: Sendable {
    let name: String
    let value: Field

    init(_ name: String, _ value: Field) {
      self.name = name
      self.value = value
    }
  }

  struct Table: Sendable {
    let name: String
    let columns: [String]
    var rows: [[Field]] = []
  }

  let path: String
  /// What the file or directory is.
  let kind: String
  var facts: [Fact]
  var tables: [Table]

  init(_ path: String, _ kind: String, facts: [Fact] = [], tables: [Table] = []) {
    self.path = path
    self.kind = kind
    self.facts = facts
    self.tables = tables
  }
}

extension Listing.Field {
  init(_ number: Int?) {
    self = number.map { .number($0) } ?? .none
  }

  init(_ text: String?) {
    self = text.map { .text($0) } ?? .none
  }
}
