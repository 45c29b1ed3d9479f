import CrashModel

// What a person should know of a recording.
extension RecordedDisk {
  mutating func remark(_ text: String) {
    if !remarks.contains(text) { remarks.append(text) }
  }

  mutating func noteWriting(of file: Int, _ thread: Int32) {
    guard let inode = inode(file, thread) else { return }
    remark(
      "sync_file_range of \(paths[inode] ?? "a file") counts as no sync: it promises nothing about a "
        + "loss of power")
  }

  mutating func noteSyncOfMemory() {
    if mapped.isEmpty { return }
    remark("msync: what it brings to the disk was written through memory")
  }

  mutating func noteMapping(of file: Int, _ thread: Int32) {
    guard let inode = inode(file, thread), image.file(inode) != nil else { return }
    mapped.insert(inode)
    remark(
      "\(paths[inode] ?? "a file") is mapped and written through memory (mmap), which cannot be "
        + "recorded")
  }
}
