/// Why no starter can be made.
struct CourseFlaw: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
