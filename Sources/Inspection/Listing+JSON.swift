import Basics

extension Listing {
  /// The listing as one JSON object on a line. The names are those of the text, with `first key` as
  /// `firstKey`.
  public var json: String {
    var json: [UInt8] = Array("{\"path\":".utf8)
    JSONText.append(path, to: &json)
    json += ",\"kind\":".utf8
    JSONText.append(kind, to: &json)
    for fact in facts { Self.append(fact.name, fact.value, to: &json) }
    for table in tables {
      json += ",\"\(Self.memberName(table.name))\":".utf8
      JSONText.append(table.rows, to: &json) { row, json in
        Self.append(row, of: table.columns, to: &json)
      }
    }
    json += "}\n".utf8
    return String(decoding: json, as: UTF8.self)
  }

  private static func append(_ row: [Field], of columns: [String], to json: inout [UInt8]) {
    var members: [UInt8] = []
    for (column, field) in zip(columns, row) { append(column, field, to: &members) }
    json.append(UInt8(ascii: "{"))
    json += members.dropFirst()  // Its comma.
    json.append(UInt8(ascii: "}"))
  }

  private static func append(_ name: String, _ field: Field, to json: inout [UInt8]) {
    json += ",\"\(memberName(name))\":".utf8
    switch field {
    case .text(let text): JSONText.append(text, to: &json)
    case .number(let number): json += "\(number)".utf8
    case .none: json += "null".utf8
    }
  }

  private static func memberName(_ name: String) -> String {
    let words = name.split(separator: " ")
    return words.dropFirst().reduce(String(words.first ?? "")) { text, word in
      text + word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}

extension Diagnosis {
  /// The diagnosis as one JSON object on a line.
  public var json: String {
    var json: [UInt8] = Array("{\"faults\":".utf8)
    JSONText.append(faults, to: &json) { $0.append(to: &$1) }
    json += ",\"remarks\":".utf8
    JSONText.append(remarks, to: &json) { $0.append(to: &$1) }
    json += "}\n".utf8
    return String(decoding: json, as: UTF8.self)
  }
}

extension Finding {
  fileprivate func append(to json: inout [UInt8]) {
    json += "{\"file\":".utf8
    JSONText.append(file, to: &json)
    json += ",\"offset\":\(offset.map(String.init) ?? "null"),\"reason\":".utf8
    JSONText.append(reason, to: &json)
    json.append(UInt8(ascii: "}"))
  }
}
