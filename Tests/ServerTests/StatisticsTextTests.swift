import Server
import Testing
import Week1Memory

@Suite("An engine's statistics")
struct StatisticsTextTests {
  let statistics = [Statistic.gauge("memtable_bytes", 13), .counter("sets", 2)]

  @Test("are one JSON object")
  func json() {
    #expect(StatisticsText.json(statistics) == "{\n  \"memtable_bytes\": 13,\n  \"sets\": 2\n}\n")
  }

  @Test("are samples for Prometheus, each with its type, counters with _total")
  func prometheus() {
    #expect(
      StatisticsText.prometheus(statistics) == """
        # TYPE strata_memtable_bytes gauge
        strata_memtable_bytes 13
        # TYPE strata_sets_total counter
        strata_sets_total 2

        """)
  }
}
