/// One finding of an inspection, and where it is.
public struct Finding: Hashable, Sendable {
  /// The path of the file.
  public let file: String
  /// The offset in the file; nil if the finding is about the file as a whole.
  public let offset: Int?
  public let reason: String
}

extension Finding: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    let place = offset.map { ", byte \($0)" } ?? ""
    return Printable.text("\(file)\(place): \(reason)")
  }
}
