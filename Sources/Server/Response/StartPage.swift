import Weeks

/// The page at `/`: what this is, the week, and the available calls.
struct StartPage: CustomStringConvertible {
  let week: Week
  /// The host in the examples: the client's own name for us, if it looks like an address.
  let authority: String?

  var description: String {
    let url = "http://" + (authority.flatMap(Self.plain) ?? "127.0.0.1:8080")
    let delete = "delete a key       curl -i -X DELETE \(url)/greeting\n"
    let scan = "list a range       curl -i '\(url)/scan?start=a&end=m&limit=10'\n"
    let batch = """
      write together     printf 'PUT a 1\\nDELETE b\\n' | curl -i --data-binary @- \(url)/-/batch
      take a snapshot    curl -i -X POST \(url)/-/snapshots
      read from it       curl -i -H 'Snapshot: ID' \(url)/greeting
      let it go          curl -i -X DELETE \(url)/-/snapshots/ID

      """
    return """
      Strata, a key-value store. This is week \(week.number), \(week.module).

      set a key          curl -i -X PUT --data-binary 'hello' \(url)/greeting
      get it             curl -i \(url)/greeting
      \(week.deletes ? delete : "")\(week.scans ? scan : "")\(week.isConcurrent ? batch : "")is all well?       curl -i \(url)/-/health
      counters           curl -i \(url)/-/stats
      for Prometheus     curl -i \(url)/-/metrics

      \(week.takesAnyBytes ? Self.ruleOfAnyBytes : Self.ruleOfText)

      """
  }

  private static let ruleOfText = """
    A key is 1 to 255 bytes of printable ASCII without spaces and without A-Z, in one segment of
    the path: write a / inside a key as %2F. A value is 0 to 1048576 bytes of ASCII.
    """

  private static let ruleOfAnyBytes = """
    A key is 1 to 1024 bytes, in one segment of the path: write a / inside a key as %2F, and any
    byte that is not printable ASCII in the same way. A value is 0 to 1048576 bytes.
    """

  private static func plain(_ authority: String) -> String? {
    let allowed = "abcdefghijklmnopqrstuvwxyz0123456789.:-[]"
    return authority.allSatisfy(allowed.contains) && !authority.isEmpty ? authority : nil
  }
}
