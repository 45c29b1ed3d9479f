import CrashModel
import PowerLoss
import Testing

struct DiskRecordingTests {
  private static let lines = """
    7 1.000000001 openat(AT_FDCWD</w>, "/d/a", O_RDWR|O_CREAT, 0666) = 3</d/a>
    7 1.000000002 write(3</d/a>, "ab", 2) = 2
    7 1.000000003 sendto(4<socket:[5]>, "HTTP/1.1 200 OK", 15, 0, NULL, 0) = 15
    """

  private func contents(_ files: [String: String]) -> DirectoryContents {
    var contents = DirectoryContents()
    contents.files = files.mapValues { Array($0.utf8) }
    return contents
  }

  private func recording(
    _ text: String, leaving files: [String: String]
  ) throws -> DiskRecording {
    var recording = DiskRecording(root: "/d")
    try recording.add(
      Trace(Array(text.utf8)), workingDirectory: "/w", leaving: contents(files))
    return recording
  }

  @Test("each thing that happens is a moment, in the order of the calls")
  func moments() throws {
    let recording = try recording(Self.lines, leaving: ["a": "ab"])
    #expect(
      recording.happenings.map(\.kind) == [
        .create("a"), .write(offset: 0, count: 2), .answer(socket: "socket:[5]"),
      ])
    #expect(recording.happenings.map(\.time) == [1_000_000_001, 1_000_000_002, 1_000_000_003])
    #expect(recording.disk(at: 0).image.bytes(of: "a") == [])
    #expect(recording.disk(at: 1).image.bytes(of: "a") == Array("ab".utf8))
  }

  @Test("the next run finds what is on the disk, and no descriptors")
  func runs() throws {
    var recording = try recording(Self.lines, leaving: ["a": "ab"])
    let next = """
      9 2.000000001 openat(AT_FDCWD</w>, "/d/a", O_RDWR|O_APPEND) = 5</d/a>
      9 2.000000002 write(3</x>, "?", 1) = 1
      9 2.000000003 write(5</d/a>, "c", 1) = 1
      """
    try recording.add(
      Trace(Array(next.utf8)), workingDirectory: "/w", leaving: contents(["a": "abc"]))
    #expect(recording.starts == [0, 3])
    #expect(recording.run(of: 2) == 0)
    #expect(recording.run(of: 3) == 1)
  }

  @Test("a call that the end cut off has taken effect if the directory says so")
  func cutOff() throws {
    let text = Self.lines + "\n" + #"7 1.000000004 write(3</d/a>, "c", 1 <unfinished ...>"#
    #expect(try recording(text, leaving: ["a": "ab"]).happenings.count == 3)
    #expect(try recording(text, leaving: ["a": "abc"]).happenings.count == 4)
  }

  @Test(
    "a directory that the calls do not explain is refused, unless it was written through memory")
  func unexplained() throws {
    #expect(throws: RecordingFault.unexplained("a (2 bytes by the calls, 3 bytes there)")) {
      try recording(Self.lines, leaving: ["a": "abX"])
    }
    let mapped =
      Self.lines + "\n7 1.000000004 mmap(NULL, 3, PROT_WRITE, MAP_SHARED, 3</d/a>, 0) = 0x7f"
    let explained = try recording(mapped, leaving: ["a": "abX"])
    #expect(explained.disk.image.bytes(of: "a") == Array("abX".utf8))
  }
}
