import Basics
import Week1Memory

/// Builds the bytes of a block: entries in the order of their keys, and the points where a reader
/// can start.
///
/// An entry stores only the part of its key that differs from the previous one. Every
/// `restartInterval` entries a key is stored whole: a restart point. The offsets of the restart
/// points end the block.
struct BlockBuilder {
  private let restartInterval: Int
  private(set) var bytes: [UInt8] = []
  private var restarts: [UInt32] = []
  private var entriesSinceRestart = 0
  private(set) var lastKey = Bytes([])

  init(restartInterval: Int) {
    self.restartInterval = restartInterval
  }

  var isEmpty: Bool { restarts.isEmpty }

  /// The length of the block if it ended here.
  var length: Int { bytes.count + 4 * (restarts.count + 1) }

  /// Adds an entry. Its key must come after all earlier ones.
  mutating func append(_ key: Bytes, _ payload: [UInt8]) {
    var shared = 0
    if restarts.isEmpty || entriesSinceRestart == restartInterval {
      restarts.append(UInt32(bytes.count))
      entriesSinceRestart = 0
    } else {
      shared = lastKey.commonPrefix(with: key)
    }
    Coding.append(varint: shared, to: &bytes)
    Coding.append(varint: key.count - shared, to: &bytes)
    Coding.append(varint: payload.count, to: &bytes)
    bytes += key.slice.dropFirst(shared)
    bytes += payload
    entriesSinceRestart += 1
    lastKey = key
  }

  /// Returns the bytes of the whole block, and leaves the builder empty.
  mutating func finish() -> [UInt8] {
    for restart in restarts { Coding.append(restart, to: &bytes) }
    Coding.append(UInt32(restarts.count), to: &bytes)
    let finished = bytes
    self = BlockBuilder(restartInterval: restartInterval)
    bytes.reserveCapacity(finished.count)
    return finished
  }
}
