/// When the log is synced, which is to say: what a loss of power may take away.
public enum SyncPolicy: Equatable, Sendable {
  /// Before every answer. Nothing that was acknowledged is lost.
  case always
  /// By the first write that comes this long after the last sync. Who wants what no write follows
  /// to be synced in time too calls `sync` as often, as the server does. What was acknowledged since
  /// the last sync may be lost, newest first.
  case every(Duration)
  /// When the system sees fit. What it has not written yet may be lost, newest first.
  case never
}
