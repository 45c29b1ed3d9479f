package import Logging
package import Weeks

/// Everything that a run of the server can be told, at its default.
package struct ServerOptions: Sendable {
  package var week: Week
  package var directory: String
  package var host = "127.0.0.1"
  package var port = 8080
  package var engine = Settings()
  package var limits = ConnectionLimits()
  package var logLevel = Logger.Level.notice

  package init(week: Week, directory: String) {
    self.week = week
    self.directory = directory
  }
}
