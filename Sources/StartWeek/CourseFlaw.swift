/// Why there can be no starter.
struct CourseFlaw: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
