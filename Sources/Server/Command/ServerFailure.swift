/// Why the server could not start or stop cleanly: the one line that a person sees.
package struct ServerFailure: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
