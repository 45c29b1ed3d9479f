import Basics
package import NIOCore
import NIOHTTP1
package import Week1Memory

/// The result of a request.
package enum Outcome: Sendable {
  /// The result of a get; nil if the key has no value.
  case value(Value?)
  case stored
  case deleted
  /// The number of writes in the batch.
  case batchStored(Int)
  case snapshotTaken(String)
  case snapshotReleased
  /// Every key of a scan.
  case keys(ByteBuffer)
  /// The first keys of a scan with more to come.
  case firstKeys(ByteBuffer, ScannedKeys)
  case page(String, contentType: String)
  case refused(Refusal)
  case failed(StorageError)
}

extension Response {
  /// The HTTP answer for an outcome. `anyBytes` tells whether values may hold any bytes.
  package init(_ outcome: Outcome, anyBytes: Bool = false) {
    switch outcome {
    case .value(let value?):
      var bytes = ByteBuffer()
      bytes.writeBytes(value.bytes)
      self.init(.ok, .whole(bytes), contentType: anyBytes ? value.contentType : "text/plain")
    case .value(nil): self.init(Refusal.keyIsAbsent)
    case .stored: self.init(.ok, .whole(ByteBuffer()), contentType: nil)
    case .deleted: self.init(.accepted, .whole(ByteBuffer()), contentType: nil)
    case .batchStored(let count): self.init("\(count) \(count == 1 ? "write" : "writes") stored\n")
    case .snapshotTaken(let name): self.init(created: name, at: "/-/snapshots/\(name)")
    case .snapshotReleased: self.init(.noContent, .whole(ByteBuffer()), contentType: nil)
    case .keys(let keys): self.init(.ok, .whole(keys))
    case .firstKeys(let keys, let rest): self.init(.ok, .pieces(first: keys, rest: rest))
    case .page(let text, let contentType): self.init(text, contentType: contentType)
    case .refused(let refusal): self.init(refusal)
    case .failed(let error): self.init(Refusal(.internalServerError, "\(error)"))
    }
  }
}

extension Value {
  /// The content type of a value that may hold any bytes.
  fileprivate var contentType: String {
    let isText = bytes.isASCII || String(validating: bytes, as: UTF8.self) != nil
    return isText ? "text/plain; charset=utf-8" : "application/octet-stream"
  }
}
