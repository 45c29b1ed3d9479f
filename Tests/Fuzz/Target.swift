import Decoders
import Synchronization

/// The decoder that this process fuzzes.
enum Target {
  private static let chosen = Mutex<Decoder?>(nil)

  static var decoder: Decoder? { chosen.withLock { $0 } }

  /// The decoder's name on a command line.
  static func argument(for decoder: Decoder) -> String {
    String(decoder.name.map { $0 == " " ? "-" : $0 })
  }

  static func select(_ name: String) -> Bool {
    let decoders = Decoder.files + [.planted]
    guard let decoder = decoders.first(where: { argument(for: $0) == name }) else { return false }
    chosen.withLock { $0 = decoder }
    return true
  }
}
