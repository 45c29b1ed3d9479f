extension Operation: CustomStringConvertible {
  /// Such as `client 3's get of k7 found 5` or `client 2's set of k7 to 6`.
  package var description: String {
    "client \(client)'s "
      + [readText, writeText].filter { !$0.isEmpty }.joined(separator: ", and ")
      + (response == nil ? " (never answered)" : "")
  }

  /// What it wrote: `set of k7 to 6`, `delete of k7`, or several of these.
  var writeText: String {
    let parts = writes.sorted { $0.key < $1.key }.map { key, value in
      value.map { "set of \(key) to \($0)" } ?? "delete of \(key)"
    }
    return parts.count > 1 ? "batch (\(parts.joined(separator: ", ")))" : parts.joined()
  }

  private var readText: String {
    if reads.isEmpty { return "" }
    let found = reads.sorted { $0.key < $1.key }
    let values = found.map { $0.value.map { "\($0)" } ?? "nothing" }
    let keys = found.map(\.key).joined(separator: ", ")
    return "get of \(keys) found \(values.joined(separator: ", "))"
  }
}
