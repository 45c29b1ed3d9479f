import HTTPTypes
package import Hummingbird
import NIOCore

extension Response {
  /// A body that is text and nothing but text: without `nosniff`, a browser might look into a value
  /// and take it for a page or a script.
  private static let plainText: HTTPFields = [
    .contentType: "text/plain", .xContentTypeOptions: "nosniff",
  ]

  /// An answer with `text` as its body, to the byte.
  init(_ status: HTTPResponse.Status = .ok, text: String) {
    self.init(status, text: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  init(_ status: HTTPResponse.Status = .ok, text: ResponseBody) {
    self.init(status: status, headers: Self.plainText, body: text)
  }

  /// The answer to a request that was not carried out: one line.
  package init(_ refusal: Refusal) {
    self.init(refusal.status, text: refusal.line + "\n")
    if !refusal.allowed.isEmpty {
      headers[.allow] = refusal.allowed.map(\.rawValue).joined(separator: ", ")
    }
    if refusal.endsConnection {
      headers[.connection] = "close"
    }
  }
}
