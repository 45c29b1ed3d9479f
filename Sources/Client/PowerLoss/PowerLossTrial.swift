import CrashModel
import Foundation
import PowerLoss

/// The whole of a search for lost writes: records a server, tries the states that a loss of power
/// could have left, and explains the first loss.
package struct PowerLossTrial: Sendable {
  private let plan: PowerLossPlan

  /// A trial that has not begun.
  package init(_ plan: PowerLossPlan) {
    self.plan = plan
  }

  /// How far a trial has come.
  package enum Progress: Sendable {
    /// So many rounds were recorded.
    case recorded(Int)
    /// So many states were tried.
    case tried(Int)
  }

  /// Runs it, and leaves no process and no file behind, but for what the plan keeps.
  package func run(progress: (Progress) -> Void = { _ in }) async -> PowerLossReport {
    let start = ContinuousClock.now
    var report = PowerLossReport(plan: plan)
    do {
      if let obstacle = await Recorder.obstacle() { throw PowerLossFailure.noRecorder(obstacle) }
      try await Self.withFolder(in: plan.scratch) { folder in
        try await run(in: folder, &report, progress)
      }
    } catch is CancellationError {
      report.end = .interruption
    } catch {
      // Whatever fails in a cancelled task fails for that.
      report.end = Task.isCancelled ? .interruption : .init(error)
    }
    report.elapsed = ContinuousClock.now - start
    return report
  }

  private func run(
    in folder: URL, _ report: inout PowerLossReport, _ progress: (Progress) -> Void
  ) async throws {
    var life = try RecordedLife(plan, in: folder)
    do {
      try await life.run { progress(.recorded($0)) }
    } catch let failure as PowerLossFailure {
      report.add(life)
      throw failure
    } catch {
      try keep(nil, folder)
      throw error
    }
    report.add(life)
    let trial = StateTrial(plan: plan, folder: folder)
    var search = LossSearch(plan: plan, life: life, trial: trial)
    defer { report.figures = search.figures }
    guard let loss = try await search.run(progress: { progress(.tried($0)) }) else { return }
    let diagnosis = try await Diagnosis(of: loss, in: search)
    report.end = .loss(diagnosis)
    if let file = diagnosis.unknownFile {
      report.end = .obstacle(
        "\(file) is written through memory (mmap), so nobody knows what it held when")
    }
    try keep(diagnosis.image, folder)
  }

  private func keep(_ image: DiskImage?, _ folder: URL) throws {
    if let path = plan.keep { try Kept(image, folder).write(to: path) }
  }

  /// Symbolic links are resolved: the trace has the paths without them.
  private static func withFolder(
    in scratch: String, _ body: (URL) async throws -> Void
  ) async throws {
    let folder = URL(filePath: scratch).resolvingSymlinksInPath()
      .appending(path: "powerloss-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }
}
