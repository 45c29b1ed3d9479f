import PowerLoss
import Testing

/// A trace of these lines of one thread, each with a time of its own.
func trace(_ lines: String..., thread: Int32 = 7) throws -> Trace {
  let text = lines.enumerated().map {
    "\(thread) 1795750537.\(100_000_000 + $0.offset) \($0.element)"
  }
  return try Trace(Array(text.joined(separator: "\n").utf8))
}

struct TraceTests {
  private func call(_ line: String) throws -> TracedCall {
    try #require(try trace(line).calls.first)
  }

  @Test("a call has its name, its arguments, and what it returned")
  func simple() throws {
    let call = try call(#"write(3</data/wal.db>, "abc\0\377\"\\\n1234<>)", 15) = 15"#)
    #expect(call.name == "write")
    #expect(call.result == .returned(15))
    #expect(call[0] == .descriptor(3, path: "/data/wal.db"))
    #expect(call[1] == .bytes(Array("abc".utf8) + [0, 255] + Array("\"\\\n1234<>)".utf8)))
    #expect(call[2]?.number == 15)
  }

  @Test("an octal escape ends after three digits, or before what is none")
  func octal() throws {
    let call = try call(#"write(3</x>, "\1a\0019\08\7", 6) = 6"#)
    #expect(call[1] == .bytes([1, 97, 1, 57, 0, 56, 7]))
  }

  @Test("buffers are joined, and what the kernel made of an argument is passed over")
  func buffers() throws {
    let call = try call(
      #"pwritev2(3</x>, [{iov_base="aa", iov_len=2}, {iov_base="b\n", iov_len=2}], 2, 3, 0) = 4"#)
    #expect(call[1]?.written == Array("aab\n".utf8))
    #expect(call[3]?.number == 3)
    let clone = try self.call(
      "clone3({flags=CLONE_VM|CLONE_FILES, child_tid=0x7f} => {parent_tid=[30204]}, 88) = 30204")
    #expect(clone[1]?.number == 88)
    #expect(clone.result == .returned(30_204))
  }

  @Test(
    "a call ends with a number, an error, a restart, or not at all",
    arguments: [
      ("fsync(3</x>) = -1 EIO (Input/output error) (INJECTED)", TracedCall.Result.failed("EIO")),
      ("fsync(3</x>) = ? ERESTARTSYS (To be restarted)", .restarted),
      ("fsync(3</x>) = ?", .unknown),
      ("openat(AT_FDCWD</w>, \"a\", O_RDWR) = 3</w/a>", .returned(3)),
      ("read(0x3, 0x7f, 0x400) = 0x12", .returned(18)), ("fsync(3</x> <unfinished ...>", .unknown),
    ])
  func results(line: String, result: TracedCall.Result) throws {
    #expect(try call(line).result == result)
  }

  @Test("a call that others interrupt begins at its first line and ends at its second")
  func interrupted() throws {
    let text = """
      7 1.000000001 pwrite64(3</x>, "ab", 2, 69 <unfinished ...>
      8 1.000000002 fsync(3</x> <unfinished ...>
      7 1.000000003 <... pwrite64 resumed>) = 2
      8 1.000000004 <... fsync resumed>)      = 0
      8 1.000000005 +++ exited with 0 +++
      """
    let trace = try Trace(Array(text.utf8))
    #expect(trace.calls.map(\.name) == ["pwrite64", "fsync"])
    #expect(trace.calls[0][3]?.number == 69)
    #expect(trace.calls.map(\.result) == [.returned(2), .returned(0)])
    #expect(trace.events.map(\.call) == [0, 1, 0, 1])
    #expect(trace.events.map(\.edge) == [.start, .start, .end, .end])
    #expect(
      trace.events.map(\.time) == [1_000_000_001, 1_000_000_002, 1_000_000_003, 1_000_000_004])
  }

  @Test("what strace has not written whole is refused")
  func refused() {
    #expect(throws: TraceFault.shortenedString(2)) { try trace(#"write(3</x>, "ab"..., 9) = 9"#) }
    #expect(throws: TraceFault.openString) { try trace(#"write(3</x>, "ab"#) }
    #expect(throws: TraceFault.strangeLine(1, "strace: no")) { try Trace(Array("strace: no".utf8)) }
  }
}
