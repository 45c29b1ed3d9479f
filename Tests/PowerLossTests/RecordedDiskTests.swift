import CrashModel
import PowerLoss
import Testing

struct RecordedBytesTests {
  @Test("bytes are on the disk after a sync, if the name is")
  func sync() throws {
    let unnamed = try disk(create, #"write(3</d/a>, "abc", 3) = 3"#, "fdatasync(3</d/a>) = 0")
    #expect(unnamed.files == ["a": "abc"])
    #expect(unnamed.survivors == [:])
    let unsynced = try disk(create, openDirectory, syncNames, #"write(3</d/a>, "abc", 3) = 3"#)
    #expect(unsynced.survivors == ["a": ""])
    let synced = try disk(
      create, openDirectory, syncNames, #"write(3</d/a>, "abc", 3) = 3"#, "fsync(3</d/a>) = 0",
      #"write(3</d/a>, "d", 1) = 1"#)
    #expect(synced.files == ["a": "abcd"])
    #expect(synced.survivors == ["a": "abc"])
  }

  @Test("a sync covers what was written before it began, and nothing until it has returned")
  func overlap() throws {
    let begun = [
      create, openDirectory, syncNames, #"write(3</d/a>, "ab", 2) = 2"#,
      "fsync(3</d/a> <unfinished ...>", #"8 write(3</d/a>, "c", 1) = 1"#,
    ]
    let clone = "clone(child_stack=0x1, flags=CLONE_VM|CLONE_FILES, tls=0x2) = 8"
    let during = try disk(clone, begun[0], begun[1], begun[2], begun[3], begun[4], begun[5])
    #expect(during.files == ["a": "abc"])
    #expect(during.survivors == ["a": ""])
    let after = try disk(
      clone, begun[0], begun[1], begun[2], begun[3], begun[4], begun[5], "<... fsync resumed>) = 0")
    #expect(after.survivors == ["a": "ab"])
  }

  @Test("a file of O_DSYNC has its bytes when a write returns, and a sync of everything has all")
  func synchronous() throws {
    let flags = #"openat(AT_FDCWD</w>, "/d/a", O_RDWR|O_CREAT|O_DSYNC, 0666) = 3</d/a>"#
    let direct = try disk(flags, openDirectory, syncNames, #"write(3</d/a>, "abc", 3) = 3"#)
    #expect(direct.survivors == ["a": "abc"])
    let one = try disk(
      create, openDirectory, syncNames,
      #"pwritev2(3</d/a>, [{iov_base="ab", iov_len=2}], 1, 0, RWF_DSYNC) = 2"#)
    #expect(one.survivors == ["a": "ab"])
    #expect(
      try disk(create, #"write(3</d/a>, "abc", 3) = 3"#, "sync() = 0").survivors == ["a": "abc"])
  }

  @Test("a sync that fails takes the bytes with it: the next one has nothing to write")
  func failed() throws {
    let disk = try disk(
      create, openDirectory, syncNames, #"write(3</d/a>, "abc", 3) = 3"#,
      "fsync(3</d/a>) = -1 EIO (Input/output error) (INJECTED)", "fsync(3</d/a>) = 0")
    #expect(disk.files == ["a": "abc"])
    #expect(disk.survivors == ["a": "\0\0\0"])
  }

  @Test("a descriptor, its copies and what is read share an offset; O_APPEND has none")
  func offsets() throws {
    let copies = try disk(
      create, #"write(3</d/a>, "abc", 3) = 3"#, "fcntl(3</d/a>, F_DUPFD_CLOEXEC, 0) = 4</d/a>",
      #"write(4</d/a>, "d", 1) = 1"#, "dup2(3</d/a>, 5) = 5</d/a>",
      "lseek(5</d/a>, 1, SEEK_SET) = 1",
      #"write(3</d/a>, "B", 1) = 1"#, "read(0x4, 0x7f, 0x1) = 0x1", #"write(5</d/a>, "D", 1) = 1"#,
      "close(3</d/a>) = 0", #"write(4</d/a>, "e", 1) = 1"#)
    #expect(copies.files == ["a": "aBcDe"])
    let appended = try disk(
      create, #"write(3</d/a>, "abc", 3) = 3"#, "lseek(3</d/a>, 0, SEEK_SET) = 0",
      #"open("/d/a", O_WRONLY|O_APPEND) = 4</d/a>"#, #"write(4</d/a>, "d", 1) = 1"#,
      #"pwrite64(3</d/a>, "X", 1, 0) = 1"#)
    #expect(appended.files == ["a": "Xbcd"])
  }

  @Test("a child process has its parent's descriptors, and closes only its own")
  func child() throws {
    let disk = try disk(
      create, "clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 8",
      #"8 write(3</d/a>, "ab", 2) = 2"#, "8 close(3</d/a>) = 0", #"write(3</d/a>, "c", 1) = 1"#)
    #expect(disk.files == ["a": "abc"])
  }

  @Test("a write that is short, or fails, changes what it says")
  func short() throws {
    let disk = try disk(
      create, #"write(3</d/a>, "abc", 3) = 2"#, #"write(3</d/a>, "x", 1) = -1 ENOSPC (No space)"#,
      #"write(3</d/a>, "d", 1) = 1"#)
    #expect(disk.files == ["a": "abd"])
  }

  @Test("lengths change by ftruncate, truncate, O_TRUNC and fallocate")
  func lengths() throws {
    let written = #"write(3</d/a>, "abc", 3) = 3"#
    #expect(try disk(create, written, "ftruncate(3</d/a>, 1) = 0").files == ["a": "a"])
    #expect(try disk(create, written, #"truncate("/d/a", 2) = 0"#).files == ["a": "ab"])
    #expect(
      try disk(create, written, #"open("/d/a", O_WRONLY|O_TRUNC) = 4</d/a>"#).files == ["a": ""])
    #expect(
      try disk(create, written, "fallocate(3</d/a>, 0, 2, 3) = 0").files == ["a": "abc\0\0"])
    #expect(
      try disk(create, written, "fallocate(3</d/a>, FALLOC_FL_KEEP_SIZE, 0, 9) = 0").files
        == ["a": "abc"])
    let hole = "fallocate(3</d/a>, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 1, 9) = 0"
    #expect(try disk(create, written, hole).files == ["a": "a\0\0"])
  }

  @Test("bytes that the system copies are those of the other file")
  func copies() throws {
    let open = #"open("/d/b", O_WRONLY|O_CREAT, 0666) = 4</d/b>"#
    let written = #"write(3</d/a>, "abcd", 4) = 4"#
    let ranged = try disk(
      create, open, written, "copy_file_range(3</d/a>, [1], 4</d/b>, NULL, 9, 0) = 3")
    #expect(ranged.files["b"] == "bcd")
    let sent = try disk(
      create, open, written, "lseek(3</d/a>, 0, SEEK_SET) = 0",
      "sendfile(4</d/b>, 3</d/a>, NULL, 2) = 2")
    #expect(sent.files["b"] == "ab")
  }
}

struct RecordedNamesTests {
  @Test("a rename is whole or not there, until its directory is synced")
  func rename() throws {
    let lines = [
      create, #"write(3</d/a>, "old", 3) = 3"#, "fsync(3</d/a>) = 0", openDirectory, syncNames,
      #"open("/d/b", O_WRONLY|O_CREAT, 0666) = 4</d/b>"#, #"write(4</d/b>, "new", 3) = 3"#,
      "fsync(4</d/b>) = 0", #"rename("/d/b", "/d/a") = 0"#,
    ]
    let renamed = try disk(
      lines[0], lines[1], lines[2], lines[3], lines[4], lines[5], lines[6], lines[7], lines[8])
    #expect(renamed.files == ["a": "new"])
    #expect(renamed.survivors == ["a": "old"])
    let synced = try disk(
      lines[0], lines[1], lines[2], lines[3], lines[4], lines[5], lines[6], lines[7], lines[8],
      syncNames)
    #expect(synced.survivors == ["a": "new"])
  }

  @Test("names are relative to the working directory, or to a directory that is open")
  func relative() throws {
    let disk = try disk(
      openDirectory, #"openat(9</d>, "a", O_RDWR|O_CREAT, 0666) = 3</d/a>"#, #"chdir("/d") = 0"#,
      #"mkdir("sub", 0777) = 0"#, #"chdir("sub/../sub/.") = 0"#,
      #"openat(AT_FDCWD</d/sub>, "b", O_RDWR|O_CREAT, 0666) = 4</d/sub/b>"#,
      #"rename("b", "../c") = 0"#, #"link("../c", "e") = 0"#, #"write(4</d/c>, "x", 1) = 1"#)
    #expect(disk.files == ["a": "", "c": "x", "sub/e": "x"])
  }

  @Test("on a file system with a journal, any sync brings all names")
  func journal() throws {
    let lines = [create, #"mkdir("/d/sub", 0777) = 0"#, "fsync(3</d/a>) = 0"]
    #expect(try disk(lines[0], lines[1], lines[2]).survivors == [:])
    let journaled = try disk(lines[0], lines[1], lines[2], on: .journal)
    #expect(journaled.survivors == ["a": ""])
  }

  @Test("a file that moves to another directory is in one of the two after a crash")
  func moved() throws {
    let disk = try disk(
      #"mkdir("/d/sub", 0777) = 0"#, create, "sync() = 0", #"rename("/d/a", "/d/sub/b") = 0"#)
    for seed in 0..<20 as Range<UInt64> {
      let image = disk.afterPowerLoss(names: .anySubset, bytes: .all) {
        Chance(state: seed ^ UInt64($0))
      }
      let files = DirectoryContents(image).files.keys.sorted()
      #expect(files == ["a"] || files == ["sub/b"], "seed \(seed)")
    }
    #expect(disk.survivors == ["a": ""])
  }

  @Test("a removed file lives while it is open, and its name can be given again")
  func removed() throws {
    let disk = try disk(
      create, #"unlink("/d/a") = 0"#, #"open("/d/a", O_WRONLY|O_CREAT, 0666) = 4</d/a>"#,
      #"write(3</d/a (deleted)>, "old", 3) = 3"#, #"write(4</d/a>, "new", 3) = 3"#,
      #"unlinkat(AT_FDCWD</w>, "/d/b", 0) = -1 ENOENT (No such file or directory)"#)
    #expect(disk.files == ["a": "new"])
  }

  @Test("two names are exchanged")
  func exchanged() throws {
    let disk = try disk(
      create, #"write(3</d/a>, "a", 1) = 1"#, #"open("/d/b", O_WRONLY|O_CREAT, 0666) = 4</d/b>"#,
      #"renameat2(AT_FDCWD</w>, "/d/a", AT_FDCWD</w>, "/d/b", RENAME_EXCHANGE) = 0"#)
    #expect(disk.files == ["a": "", "b": "a"])
  }

  @Test("a file that was made without a name gets one")
  func nameless() throws {
    let disk = try disk(
      #"openat(AT_FDCWD</w>, "/d", O_RDWR|O_TMPFILE, 0666) = 3</d/#5 (deleted)>"#,
      #"write(3</d/#5 (deleted)>, "abc", 3) = 3"#,
      #"linkat(AT_FDCWD</w>, "/proc/self/fd/3", AT_FDCWD</w>, "/d/a", AT_SYMLINK_FOLLOW) = 0"#)
    #expect(disk.files == ["a": "abc"])
  }

  @Test("what is outside of the data directory is left alone")
  func outside() throws {
    let disk = try disk(
      #"open("/x/a", O_RDWR|O_CREAT, 0666) = 3</x/a>"#, #"write(3</x/a>, "abc", 3) = 3"#,
      #"open("/dd", O_RDWR|O_CREAT, 0666) = 4</dd>"#,
      "mmap(NULL, 9, PROT_WRITE, MAP_SHARED, 3</x/a>, 0) = 0x7f")
    #expect(disk.files == [:])
    #expect(disk.remarks == [])
  }

  @Test("what cannot be recorded is said, once")
  func remarks() throws {
    let map = "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3</d/a>, 0) = 0x7f0000000000"
    let disk = try disk(create, map, map, "io_uring_setup(8, {flags=0}) = 4")
    #expect(disk.remarks.count == 2)
    #expect(disk.remarks[0].hasPrefix("a is mapped and written through memory"))
    #expect(disk.remarks[1].hasPrefix("io_uring_setup"))
  }
}

/// Random numbers from a state: those of SplitMix64.
private struct Chance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
