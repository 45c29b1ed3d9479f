import Foundation

/// A directory for data, a free port, and the server that is started on both.
struct Site: Sendable {
  let directory: URL
  let port: Int
  let endpoint: Endpoint
  let process: ServerProcess
  let warden: Warden<ServerProcess>
  /// Sends a request again if the connection fails.
  let transport: Transport
  /// Sends each request once: what it sends while the server is killed does not come later.
  let once: Transport

  /// A server that `command` starts on a new directory. It has not been started.
  init(of command: ServerCommand, in folder: URL, plan: CheckPlan) async throws {
    let directory = folder.appending(path: "data-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try await self.init(of: command, on: directory, plan: plan)
  }

  /// A server that `command` starts on `directory`. It has not been started.
  init(of command: ServerCommand, on directory: URL, plan: CheckPlan) async throws {
    self.directory = directory
    port = try await FreePort.find()
    endpoint = try Endpoint("http://127.0.0.1:\(port)")
    process = command.process(port: port, data: directory.path)
    warden = Warden(server: process, endpoint: endpoint, plan: plan.torture)
    transport = Transport(to: endpoint, timeout: plan.timeout)
    once = Transport(to: endpoint, timeout: plan.timeout, retry: .never)
  }

  /// A server that serves one connection at a time can serve another one after this.
  func disconnect() async {
    await transport.close()
    await once.close()
  }

  /// Ends the server, whatever state it is in.
  func leave() async {
    await disconnect()
    await process.endForGood()
  }
}
