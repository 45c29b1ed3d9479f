import NIOCore

// The client's time. Time spent in the store does not count, so no clock runs then.
extension ConnectionHandler {
  /// The answer to a request that did not arrive completely in time.
  var tooSlow: Refusal {
    state.serverStops ? .serverStops : .requestIsTooSlow(limits.timeout)
  }

  /// Starts the client's time for the new state of the connection.
  func setDeadline(_ context: ChannelHandlerContext) {
    let patience = TimeAmount(state.serverStops ? limits.farewell : limits.timeout)
    switch state.phase {
    case .idle, .reading, .draining: deadline = .now() + patience
    case .answering: deadline = waitsForClient(context) ? .now() + patience : .distantFuture
    case .lingering: deadline = .now() + TimeAmount(limits.farewell)
    case .closed: deadline = .distantFuture
    }
    let canTell = state.phase == .draining || !context.channel.isWritable
    untaken = canTell ? bytesNotTaken(context) : 0
    startTimer(context)
  }

  /// Leaves the client no more time than a stopping server can give.
  func shortenDeadline(_ context: ChannelHandlerContext) {
    let before = deadline
    setDeadline(context)
    deadline = min(before, deadline)
    startTimer(context)
  }

  /// Whether an answer is waiting for the client to take it. When the server stops, a scan has only
  /// as much time left as a client has for its own part.
  private func waitsForClient(_ context: ChannelHandlerContext) -> Bool {
    scan != nil && (state.serverStops || !context.channel.isWritable)
  }

  private func bytesNotTaken(_ context: ChannelHandlerContext) -> Int {
    let options = context.channel.syncOptions
    return (try? options?.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// A timer is only ever moved forward; one that fires too early is restarted. So the many
  /// requests of a busy client share one timer.
  private func startTimer(_ context: ChannelHandlerContext) {
    if state.phase == .closed || timer.map({ $0.due > deadline }) ?? false {
      timer?.task.cancel()
      timer = nil
    }
    guard timer == nil, deadline < .distantFuture else { return }
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.timer = nil
      self.timerFired(context)
    }
    timer = (deadline, task)
  }

  private func timerFired(_ context: ChannelHandlerContext) {
    if NIODeadline.now() < deadline { return startTimer(context) }
    // A client that still takes its answers is slow, but not gone.
    if bytesNotTaken(context) < untaken, !state.serverStops { return setDeadline(context) }
    move(.timeout, context)
  }
}
