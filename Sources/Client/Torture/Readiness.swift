/// Asks a starting server again and again until it answers. Returns false if it has ended, or if an attempt
/// that began after `timeout` has failed: on a busy machine, that time may pass between two attempts.
func becomesReady(
  within timeout: Duration, hasEnded: () -> Bool, answers: () async -> Bool
) async throws -> Bool {
  let begin = ContinuousClock.now
  while true {
    let isLastTry = ContinuousClock.now - begin > timeout
    if await answers() { return true }
    if hasEnded() || isLastTry { return false }
    try await Task.sleep(for: .milliseconds(2))
  }
}
