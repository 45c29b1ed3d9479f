/// One thing that an inspection has found, and where.
public struct Finding: Hashable, Sendable {
  /// The path of the file.
  public let file: String
  /// The byte of the file that it is about; nil where it is about the file as a whole.
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
