/// Asks a starting server again and again until it answers. Returns false if it has ended, or if a try that
/// began after `timeout` failed: on a busy machine, that time may pass between two tries.
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
