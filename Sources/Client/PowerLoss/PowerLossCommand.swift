package import ArgumentParser
import Foundation
import Options
package import PowerLoss

/// `powerloss`: records a server, rebuilds what a loss of power could have left, and starts it on that.
package struct PowerLossCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "powerloss",
    abstract: "Takes the power from a server, and checks that it keeps what it acknowledged.",
    usage: "Client powerloss [<options>] -- <command> [<argument> ...]",
    discussion: """
      The command starts the server, in any language, on a port and a data directory of its own \
      each time. {port} and {data} stand for them, and so do the variables PORT and DATA:

        Client powerloss -- python3 server.py --port {port} --data {data}

      The server runs under strace (Linux only), which writes down what it does to its data \
      directory, and when it answers. It is loaded over several connections, killed, stopped, and \
      started again. Then, for many moments of that, the directory is rebuilt as a loss of power \
      could have left it: with any of what was not synced, or none of it. The server is started \
      on each such directory, and asked for everything that it had acknowledged.

      In the last of several rounds, a sync fails (EIO).

      It stops at the first state in which something is lost, and says which call was missing or \
      came too late. The exit status is 0 if nothing was lost, 1 if something was, 64 for a wrong \
      option, 69 if nothing can be recorded here, 130 after Ctrl-C.
      """)

  @Option(1...1_000, "How often the server is started, loaded and ended.")
  var rounds = 4

  @Option(
    1...1_000_000,
    "How many writes are sent in all: enough that the server writes what it writes seldom.")
  var writes = 300

  @Option(1...256, "How many connections write.")
  var connections = 4

  @Option(1...10_000_000, "How many different states are tried at most.")
  var states = 1_000

  @Flag(
    inversion: .prefixedNo,
    help: "Whether keys are deleted as well. (default: if the server answers DELETE)")
  var delete: Bool?

  @Option(
    help: """
      What its file system promises: posix (a sync of a file brings its bytes, one of a directory \
      its names), or journal (any sync brings all names, as on ext4).
      """)
  var fileSystem = FileSystem.posix

  @Option(1...3_600, "How many seconds an answer may take, and the end after SIGTERM.")
  var timeout = 20

  @Option(help: "Where the directories are made. (default: in memory, /dev/shm, if it is there)")
  var scratch: String?

  @Option(help: "A new directory, in which a state that loses something is left, and the traces.")
  var keep: String?

  @Option(help: "Where the random numbers start. (default: a random one, which is printed)")
  var seed: UInt64?

  @OptionGroup var server: ServerCommand

  package init() {}

  package func validate() throws {
    try server.require()
    if let keep, FileManager.default.fileExists(atPath: keep) {
      throw ValidationError("\(keep) is there already; --keep makes a new directory")
    }
  }

  package func run() async throws {
    try await Interruption.cancelling { try await outcome() }.finish()
  }

  /// Searches, and says how it ended instead of printing it.
  package func outcome() async throws -> Outcome {
    let plan = plan
    var bar = PowerLossProgress(plan)
    let report = await PowerLossTrial(plan).run { bar?.show($0) }
    bar?.clear()
    return Outcome(output: report.text, status: report.status)
  }

  private var plan: PowerLossPlan {
    // Half the bits, so that a person can type it again.
    let seed = seed ?? UInt64(UInt32.random(in: .min ... .max))
    var plan = PowerLossPlan(server, seed: seed)
    plan.rounds = rounds
    plan.writes = writes
    plan.connections = connections
    plan.states = states
    plan.deletes = delete
    plan.fileSystem = fileSystem
    plan.timeout = .seconds(timeout)
    plan.keep = keep
    if let scratch { plan.scratch = scratch }
    return plan
  }
}

extension FileSystem: ExpressibleByArgument {}
