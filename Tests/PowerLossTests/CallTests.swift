import CrashModel
import PowerLoss
import Testing

/// What each recorded call does. Before it, `a` was made, has the descriptor 3, and holds "abc", of which
/// 1 byte is behind the offset of the descriptor.
struct CallTests {
  struct Example: CustomTestStringConvertible, Sendable {
    let call: String
    let lines: [String]
    let effect: Effect
    var testDescription: String { call }

    init(_ call: String, _ effect: Effect, _ lines: String...) {
      self.call = call
      self.lines = lines
      self.effect = effect
    }
  }

  enum Effect: Sendable {
    /// The files, besides `a` if it is not among them.
    case files([String: String])
    case directories(Set<String>)
    /// What was written is on the disk.
    case sync
    case answer
    case remark(String)
  }

  private static let open = #"open("/d/b", O_RDWR|O_CREAT, 0666) = 4</d/b>"#
  private static let vector = #"[{iov_base="x", iov_len=1}, {iov_base="y", iov_len=1}]"#
  private static let write = #"write(3</d/a>, "x", 1) = 1"#
  private static let byChild = #"8 write(3</d/a>, "x", 1) = 1"#
  private static let map = "mmap(NULL, 3, PROT_READ|PROT_WRITE, MAP_SHARED, 3</d/a>, 0) = 0x7f"

  private static let bytes = [
    Example("write", .files(["a": "abx"]), write),
    Example("pwrite64", .files(["a": "xbc"]), #"pwrite64(3</d/a>, "x", 1, 0) = 1"#),
    Example("writev", .files(["a": "abxy"]), "writev(3</d/a>, \(vector), 2) = 2"),
    Example("pwritev", .files(["a": "xyc"]), "pwritev(3</d/a>, \(vector), 2, 0) = 2"),
    Example(
      "pwritev2", .files(["a": "abcxy"]),
      "pwritev2(3</d/a>, \(vector), 2, -1, RWF_APPEND) = 2"),
    Example("ftruncate", .files(["a": "a"]), "ftruncate(3</d/a>, 1) = 0"),
    Example("truncate", .files(["a": "ab"]), #"truncate("/d/a", 2) = 0"#),
    Example("fallocate", .files(["a": "abc\0"]), "fallocate(3</d/a>, 0, 0, 4) = 0"),
    Example(
      "copy_file_range", .files(["b": "bc"]), open,
      "copy_file_range(3</d/a>, [1], 4</d/b>, NULL, 9, 0) = 2"),
    Example("sendfile", .files(["b": "c"]), open, "sendfile(4</d/b>, 3</d/a>, NULL, 9) = 1"),
    Example(
      "splice", .files(["b": "bc"]), open,
      "splice(3</d/a>, [1], 6<pipe:[5]>, NULL, 9, 0) = 2",
      "splice(5<pipe:[5]>, NULL, 4</d/b>, NULL, 9, 0) = 2"),
    Example(
      "ioctl", .files(["b": "abc"]), open,
      "ioctl(4</d/b>, BTRFS_IOC_CLONE or FICLONE, 3</d/a>) = 0"),
  ]

  private static let names = [
    Example("open", .files(["b": ""]), open),
    Example("openat", .files(["b": ""]), #"openat(9</d>, "b", O_WRONLY|O_CREAT, 0666) = 4</d/b>"#),
    Example(
      "openat2", .files(["b": ""]),
      #"openat2(AT_FDCWD</w>, "/d/b", {flags=O_RDWR|O_CREAT, mode=0666}, 24) = 4</d/b>"#),
    Example("creat", .files(["b": ""]), #"creat("/d/b", 0666) = 4</d/b>"#),
    Example("rename", .files(["b": "abc", "a": ""]), #"rename("/d/a", "/d/b") = 0"#, remake),
    Example(
      "renameat", .files(["b": "abc", "a": ""]), #"renameat(9</d>, "a", 9</d>, "b") = 0"#, remake),
    Example(
      "renameat2", .files(["b": "abc", "a": ""]),
      #"renameat2(9</d>, "a", 9</d>, "b", RENAME_NOREPLACE) = 0"#, remake),
    Example("unlink", .files(["a": ""]), #"unlink("/d/a") = 0"#, remake),
    Example("unlinkat", .files(["a": ""]), #"unlinkat(9</d>, "a", 0) = 0"#, remake),
    Example("link", .files(["b": "abc"]), #"link("/d/a", "/d/b") = 0"#),
    Example("linkat", .files(["b": "abc"]), #"linkat(9</d>, "a", 9</d>, "b", 0) = 0"#),
    Example("mkdir", .directories(["s"]), #"mkdir("/d/s", 0777) = 0"#),
    Example("mkdirat", .directories(["s"]), #"mkdirat(9</d>, "s", 0777) = 0"#),
    Example("rmdir", .directories([]), #"mkdir("/d/s", 0777) = 0"#, #"rmdir("/d/s") = 0"#),
    Example("chdir", .files(["b": ""]), #"chdir("/d") = 0"#, #"creat("b", 0666) = 4</d/b>"#),
    Example("fchdir", .files(["b": ""]), "fchdir(9</d>) = 0", #"creat("b", 0666) = 4</d/b>"#),
    Example("symlink", .remark("a symbolic link"), #"symlink("a", "/d/b") = 0"#),
    Example("symlinkat", .remark("a symbolic link"), #"symlinkat("a", 9</d>, "b") = 0"#),
  ]

  private static let remake = #"creat("/d/a", 0666) = 5</d/a>"#

  private static let syncs = [
    Example("fsync", .sync, syncNames, "fsync(3</d/a>) = 0"),
    Example("fdatasync", .sync, syncNames, "fdatasync(3</d/a>) = 0"),
    Example("sync", .sync, "sync() = 0"),
    Example("syncfs", .sync, "syncfs(3</d/a>) = 0"),
    Example(
      "sync_file_range", .remark("sync_file_range of a counts as no sync"),
      "sync_file_range(3</d/a>, 0, 0, SYNC_FILE_RANGE_WRITE) = 0"),
    Example("mmap", .remark("a is mapped and written through memory"), map),
    Example("msync", .remark("msync"), map, "msync(0x7f, 3, MS_SYNC) = 0"),
    Example("io_uring_setup", .remark("io_uring_setup"), "io_uring_setup(8, {flags=0}) = 4"),
    Example("io_submit", .remark("io_submit"), "io_submit(0x7f, 1, [{aio_fildes=3}]) = 1"),
  ]

  private static let descriptors = [
    Example("lseek", .files(["a": "xbc"]), "lseek(3</d/a>, 0, SEEK_SET) = 0", write),
    Example("read", .files(["a": "abcx"]), "read(0x3, 0x7f, 0x9) = 0x1", write),
    Example("readv", .files(["a": "abcx"]), "readv(0x3, 0x7f, 0x1) = 0x1", write),
    Example(
      "dup", .files(["a": "abx"]), "dup(3</d/a>) = 5</d/a>", #"write(5</d/a>, "x", 1) = 1"#),
    Example(
      "dup2", .files(["a": "abx"]), "dup2(3</d/a>, 5) = 5</d/a>", #"write(5</d/a>, "x", 1) = 1"#),
    Example(
      "dup3", .files(["a": "abx"]), "dup3(3</d/a>, 5, O_CLOEXEC) = 5</d/a>",
      #"write(5</d/a>, "x", 1) = 1"#),
    Example(
      "fcntl", .files(["a": "abx"]), "fcntl(3</d/a>, F_DUPFD_CLOEXEC, 0) = 5</d/a>",
      #"write(5</d/a>, "x", 1) = 1"#),
    Example("close", .files(["a": "abc"]), "close(3</d/a>) = 0", #"write(3</x>, "x", 1) = 1"#),
    Example(
      "close_range", .files(["a": "abc"]), "close_range(3, 4294967295, 0) = 0",
      #"write(3</x>, "x", 1) = 1"#),
    Example(
      "clone", .files(["a": "abxx"]),
      "clone(child_stack=0x1, flags=CLONE_VM|CLONE_FILES, tls=0x2) = 8", byChild, write),
    Example(
      "clone3", .files(["a": "abxx"]), "clone3({flags=CLONE_VM|CLONE_FILES}, 88) = 8", byChild,
      write),
    Example("fork", .files(["a": "abx"]), "fork() = 8", "close(3</d/a>) = 0", byChild),
    Example("vfork", .files(["a": "abx"]), "vfork() = 8", "close(3</d/a>) = 0", byChild),
    Example("sendto", .answer, #"sendto(5<socket:[1]>, "x", 1, 0, NULL, 0) = 1"#),
    Example("sendmsg", .answer, "sendmsg(5<socket:[1]>, {msg_iov=\(vector)}, 0) = 2"),
    Example("sendmmsg", .answer, "sendmmsg(5<socket:[1]>, [{msg_len=2}], 1, 0) = 1"),
    Example("write", .answer, #"write(5<socket:[1]>, "x", 1) = 1"#),
    Example("writev", .answer, "writev(5<socket:[1]>, \(vector), 2) = 2"),
    Example("sendfile", .answer, "sendfile(5<socket:[1]>, 3</d/a>, NULL, 9) = 1"),
  ]

  private static let examples = bytes + names + syncs + descriptors

  @Test("each recorded call has its effect", arguments: examples)
  func effect(of example: Example) throws {
    let before = [
      create, openDirectory, #"write(3</d/a>, "abc", 3) = 3"#, "lseek(3</d/a>, 2, SEEK_SET) = 2",
    ]
    let (disk, happenings) = try replayed(before + example.lines)
    switch example.effect {
    case .files(let files):
      #expect(disk.files == ["a": "abc"].merging(files) { $1 })
      #expect(disk.remarks == [])
    case .directories(let names): #expect(DirectoryContents(disk.image).directories == names)
    case .sync:
      #expect(disk.survivors == ["a": "abc"])
      #expect(try replayed(before).disk.survivors == [:])
    case .answer: #expect(happenings.last?.isAnswer == true)
    case .remark(let text):
      #expect(disk.remarks.contains { $0.hasPrefix(text) }, "\(disk.remarks)")
      #expect(disk.survivors == [:])
    }
  }

  @Test("there is an example of each call that is recorded")
  func complete() {
    #expect(Set(Self.examples.map(\.call)) == Set(DiskCall.names))
  }
}
