/// Runs checks one after the other.
package struct CheckRun: Sendable {
  private let server: CheckedServer

  /// Of a server that has not been started.
  package init(_ server: CheckedServer) {
    self.server = server
  }

  /// Runs `checks`, and leaves no server behind. `isBegun` is called with each, and `isDone` with its
  /// result. A check after one that is red begins with a new directory: a mistake shows once. Where the
  /// server does not start on a new directory, no further check is run.
  package func run(
    _ checks: [Check], isBegun: (Check) -> Void = { _ in }, isDone: (CheckResult) -> Void
  ) async throws {
    do {
      for check in checks {
        isBegun(check)
        let start = ContinuousClock.now
        let outcome = try await outcome(of: check)
        isDone(
          CheckResult(check: check, outcome: outcome, elapsed: ContinuousClock.now - start))
        if case .down = outcome { break }
        try Task.checkCancellation()
      }
    } catch {
      await server.leave()
      throw error
    }
    await server.leave()
  }

  private func outcome(of check: Check) async throws -> CheckResult.Outcome {
    do {
      try await server.begin(check.number, on: check.ground)
    } catch let mistake as Mistake {
      await server.leave()
      return .down(mistake)
    }
    do {
      try await check.body(server)
      try await server.mustBeRunning()
      try await server.mustBeComplete()
      return .green(remark: await server.remark)
    } catch let cut as CutShort {
      await server.leave()
      return .cutShort(cut)
    } catch let skip as Skip {
      await server.leave()
      return .skipped(skip.reason)
    } catch let mistake as Mistake {
      await server.leave()
      return .red(mistake)
    }
  }
}

/// What came of a check.
package struct CheckResult: Sendable {
  package let check: Check
  package let outcome: Outcome
  package let elapsed: Duration

  /// How it ended.
  package enum Outcome: Sendable {
    case green(remark: String?)
    case red(Mistake)
    /// The server does not even start on a new directory.
    case down(Mistake)
    /// It ended before it had tested all that its name says.
    case cutShort(CutShort)
    /// There was nothing to check, and why.
    case skipped(String)
  }

  /// What was wrong; nil where nothing was found.
  package var mistake: Mistake? {
    switch outcome {
    case .red(let mistake), .down(let mistake): mistake
    case .green, .cutShort, .skipped: nil
    }
  }

  /// How far it came; nil where it came to its end.
  package var cutShort: CutShort? {
    if case .cutShort(let cut) = outcome { cut } else { nil }
  }
}
