package import Logging
package import Weeks

/// Everything that can be set for a run of the server, with defaults.
package struct ServerOptions: Sendable {
  package var week: Week
  package var directory: String
  package var host = "127.0.0.1"
  package var port = 8080
  package var engine = Settings()
  package var limits = ConnectionLimits()
  package var snapshotTimeout = Snapshots.defaultTimeout
  package var logLevel = Logger.Level.notice

  package init(week: Week, directory: String) {
    self.week = week
    self.directory = directory
  }

  package var logger: Logger {
    var logger = Logger(label: "strata")
    logger.logLevel = logLevel
    return logger
  }
}
