import Foundation

/// Kills a server at a step of its own: when its files have changed a given number of times.
///
/// Random moments miss what takes a millisecond. A change of a name, an inode or a size is a step of a flush,
/// and a kill at each step leaves what that step has done.
struct DirectoryWatch: Sendable {
  private let process: ServerProcess
  private let directory: URL
  /// How the files were before what is to change them.
  private let start: DirectoryState

  /// After this long without a change, none is expected.
  private static let quiet = Duration.milliseconds(60)

  /// Of a server that has not yet been asked for what will change its files.
  init(of site: Site) {
    process = site.process
    directory = site.directory
    start = DirectoryState(of: site.directory)
  }

  /// Kills the server at the `number`th change, or once nothing has changed for a while after
  /// `announcement`; or waits for its end. Returns how many changes there were. Uses a processor all the time.
  func kill(at number: Int, orAfter announcement: Announcement) async -> Int {
    var state = start
    var (changes, latest) = (0, ContinuousClock.now)
    while process.isRunning, !Task.isCancelled {
      await Task.yield()
      let new = DirectoryState(of: directory)
      if new != state || !announcement.isMade { latest = .now }
      if new != state { changes += 1 }
      if changes == number || ContinuousClock.now - latest > Self.quiet { break }
      state = new
    }
    await process.endForGood()
    return changes
  }
}
