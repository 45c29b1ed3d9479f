package import PowerLoss

/// Finds the moment at which a recorded server has sent an answer, from when its client had asked and
/// when it had the answer.
///
/// A connection has a socket, which is known from its first request: nobody else asks anything then.
/// For a connection that was opened later there may be doubt. The later moment is taken then, which
/// never blames a server for what it did in time.
package struct AnswerFinder {
  private let moments: [(number: Int, socket: String, time: UInt64)]
  private let last: [(number: Int, time: UInt64)]
  private var sockets: [Int: String] = [:]

  /// For the happenings from the moment `first` on.
  package init(_ happenings: ArraySlice<Happening>) {
    moments = happenings.indices.compactMap { number in
      guard case .answer(let socket) = happenings[number].kind else { return nil }
      return (number, socket, happenings[number].time)
    }
    last = happenings.indices.map { ($0, happenings[$0].time) }
  }

  /// Learns the socket of a connection from a call that was made while nobody else asked anything.
  package mutating func introduce(_ connection: Int, by call: Caller.Call) {
    sockets[connection] = sends(of: call).last?.socket
  }

  private func sends(of call: Caller.Call) -> [(number: Int, socket: String, time: UInt64)] {
    moments.filter { call.sent <= $0.time && $0.time <= call.received }
  }

  /// The moment of the answer to a call over a connection; calls are looked up in their order. If
  /// nothing was sent in the time, it is the last moment of that.
  package mutating func moment(of call: Caller.Call, over connection: Int) -> Int? {
    let sends = sends(of: call)
    if let socket = sockets[connection], let own = sends.last(where: { $0.socket == socket }) {
      return own.number
    }
    let others = Set(sockets.filter { $0.key != connection }.values)
    let unknown = sends.filter { !others.contains($0.socket) }
    if Set(unknown.map(\.socket)).count == 1 { sockets[connection] = unknown.last?.socket }
    return unknown.last?.number ?? last.last { $0.time <= call.received }?.number
  }
}
