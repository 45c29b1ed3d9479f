import Basics
import NIOCore
import NIOHTTP1
import Server
import TestSupport
import Testing
import Week1Memory
import Weeks

private let fields = Framing(HTTPHeaders([("Host", "test")]))

@Suite("A request's head")
struct RouteTests {
  @Test(
    "is routed to what it asks for",
    arguments: [
      (HTTPMethod.GET, "/", Route.start), (.HEAD, "/", .start), (.GET, "/-/health", .health),
      (.GET, "/a", .get("a")), (.HEAD, "/a", .get("a")), (.PUT, "/a", .set("a")),
      (.DELETE, "/a", .delete("a")), (.GET, "/scan", .get("scan")),
    ])
  func routes(method: HTTPMethod, target: String, route: Route) throws {
    #expect(try Routes(week: .newest).route(method, target, fields) == route)
  }

  @Test("is refused with another method, and the refusal lists the valid ones")
  func otherMethods() throws {
    for (week, allowed) in [
      (Week.memory, [HTTPMethod.GET, .HEAD, .PUT]), (.newest, [.GET, .HEAD, .PUT, .DELETE]),
    ] {
      let refusal = try #require(throws: Refusal.self) {
        try Routes(week: week).route(.POST, "/a", fields)
      }
      #expect(refusal.status == .methodNotAllowed)
      #expect(refusal.allowed == allowed)
      #expect(!refusal.endsConnection)
    }
  }

  @Test(
    "is routed to what week 8 adds",
    arguments: [
      (HTTPMethod.POST, "/-/batch", Route.batch), (.POST, "/-/snapshots", .takeSnapshot),
      (.DELETE, "/-/snapshots/1f", .releaseSnapshot("1f")),
    ])
  func laterRoutes(method: HTTPMethod, target: String, route: Route) throws {
    #expect(try Routes(week: .concurrent).route(method, target, fields) == route)
    for method in [HTTPMethod.GET, .PUT, .PATCH] {
      let refusal = try #require(throws: Refusal.self) {
        try Routes(week: .concurrent).route(method, target, fields)
      }
      #expect(refusal.status == .methodNotAllowed)
      #expect(refusal.allowed == [route == .batch || route == .takeSnapshot ? .POST : .DELETE])
    }
  }

  @Test("is refused for its framing before anything else is examined")
  func framing() throws {
    let smuggled = Framing(
      HTTPHeaders([("Host", "test"), ("Content-Length", "1"), ("Transfer-Encoding", "chunked")]))
    let refusal = try #require(throws: Refusal.self) {
      try Routes(week: .newest).route(.POST, "/A", smuggled)
    }
    #expect(refusal.status == .badRequest)
    #expect(refusal.endsConnection)
  }
}

@Suite("The outcome of a request")
struct OutcomeTests {
  @Test(
    "has its code and its exact body",
    arguments: [
      (Outcome.value("one"), 200, "one"), (.value(""), 200, ""),
      (.value(nil), 404, "no value is set for this key\n"), (.stored, 200, ""),
      (.deleted, 202, ""), (.keys(ByteBuffer(string: "a,b")), 200, "a,b"),
      (.page("{}", contentType: "application/json"), 200, "{}"),
      (.failed(.closed), 500, "the store is closed; open it again\n"),
    ])
  func answers(outcome: Outcome, code: UInt, body: String) {
    let response = Response(outcome)
    #expect(response.status.code == code)
    #expect(response.text.map { String(buffer: $0) } == body)
    let head = response.head(version: .http1_1, ending: false)
    #expect(head.headers["content-length"] == ["\(body.utf8.count)"])
    #expect(head.headers["connection"].isEmpty)
    #expect(
      head.headers.contains(name: "x-content-type-options") == !head.headers["content-type"].isEmpty
    )
  }

  @Test("says that the connection ends, when it does")
  func ending() {
    let head = Response(.stored).head(version: .http1_1, ending: true)
    #expect(head.headers["connection"] == ["close"])
  }
}
