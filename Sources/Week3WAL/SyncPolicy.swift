/// When the log is synced, which is to say: what a loss of power may take away.
public enum SyncPolicy: Equatable, Sendable {
  /// Before every answer. Nothing that was acknowledged is lost.
  case always
  /// This often. What was acknowledged since the last sync may be lost, newest first.
  case every(Duration)
  /// When the system sees fit. What it has not written yet may be lost, newest first.
  case never
}
