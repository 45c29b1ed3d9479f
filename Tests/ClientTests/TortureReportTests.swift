import Client
import Scenarios
import Testing

struct TortureReportTests {
  private func report(_ end: TortureReport.End) -> TortureReport {
    var plan = TorturePlan(seed: 42)
    plan.rounds = 9
    var figures = TortureFigures()
    figures.rounds = 7
    figures.doubtful = 30
    figures.survived = 11
    return TortureReport(
      figures: figures, plan: plan, end: end, elapsed: .milliseconds(12_345))
  }

  @Test("a torture without a broken promise reports what was tried")
  func complete() {
    let report = report(.complete)
    #expect(report.status == .success)
    #expect(
      report.text == """
        Nothing that was acknowledged is lost, and nothing came back.

        7 rounds in 12.345 s, seed 42, 16 connections, 512 keys

                                    count
        starts that were answered       0
        kills (SIGKILL)                 0
        kills while it started          0
        stops (SIGTERM)                 0
        PUTs acknowledged               0
        DELETEs acknowledged            0
        writes in doubt                30
        of them survived               11
        GETs checked under load         0
        keys checked after a start      0
        violations                      0

        """)
  }

  @Test("a broken promise is reported first, with the round and the seed")
  func violation() throws {
    let violation = Violation.wrongState(
      try Key("a"), expected: "200 \"1\" (acknowledged)", got: .reply(status: 404, body: []))
    let report = report(.violation(violation))
    #expect(report.status == .wrongAnswer)
    #expect(
      report.text.hasPrefix(
        """
        A promise is broken, in round 7 of 9, seed 42:
        GET a
          expected 200 "1" (acknowledged)
          got      404

        7 rounds in
        """))
    #expect(report.text.contains("\nviolations                      1\n"))
  }

  @Test("an interrupted torture reports that, and has its own status")
  func interruption() {
    #expect(report(.interruption).status.rawValue == 130)
    #expect(report(.interruption).text.hasPrefix("Interrupted, in round 7 of 9, seed 42."))
    #expect(report(.failure("no env")).status == .wrongAnswer)
  }
}
