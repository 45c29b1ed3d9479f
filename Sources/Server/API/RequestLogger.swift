package import Hummingbird
import Logging

/// All that an answer needs besides the request. Hummingbird's own context also carries parameters
/// of a path and coders, and makes them anew for each request.
package struct RequestLogger: InitializableFromSource {
  let logger: Logger

  package init(source: ApplicationRequestContextSource) {
    logger = source.logger
  }
}
