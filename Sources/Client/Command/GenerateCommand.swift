package import ArgumentParser
import Foundation

/// `generate`: writes a scenario from a seed.
package struct GenerateCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes a scenario; the same seed gives the same one on every machine.")

  @Argument(help: "The kind of scenario.")
  var kind: Workload

  @Option(
    help: """
      How many requests; comments and BARRIERs are not counted. (1 to \(mostLines); default: \
      30000, and 100000 for put-delete-scan)
      """)
  var lines: Int?

  @Option(help: "The seed of the random numbers. (default: a random one, which is printed)")
  var seed: UInt64?

  @Option(help: "The file to write. (default: standard output)")
  var output: String?

  package init() {}

  private static let mostLines = 10_000_000

  package func validate() throws {
    if let lines, !(1...Self.mostLines).contains(lines) {
      throw ValidationError("--lines must be between 1 and \(Self.mostLines), and not \(lines).")
    }
  }

  package func run() async throws {
    try outcome().finish()
  }

  /// Generates, and returns the outcome instead of printing it.
  package func outcome() -> Outcome {
    let seed = seed ?? SplitMix64.newSeed()
    let requests = lines ?? kind.defaultRequests
    let text = Generator.scenario(kind, requests: requests, seed: seed)
    guard let output else { return Outcome(output: text, errors: "seed \(seed)\n") }
    do {
      try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
    } catch {
      let reason = FileFailure(error).reason
      return Outcome(
        errors: "error: \(output) cannot be written: \(reason)\n", status: .cannotWrite)
    }
    return Outcome(errors: "wrote \(output): \(requests) requests, seed \(seed)\n")
  }
}

extension Workload: ExpressibleByArgument {}
