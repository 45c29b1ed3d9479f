/// The pictures, by the names of their files.
enum Album {
  static let pages: [String: @Sendable () throws -> Canvas] = [
    "block-bytes": BlockBytesPicture.draw,
    "catalog-pins": CatalogPinsPicture.draw,
    "checksum-tree": ChecksumTreePicture.draw,
    "engine": EnginePicture.draw,
    "flush": FlushPicture.draw,
    "group-commit": GroupCommitPicture.draw,
    "kill-and-power-loss": KillAndPowerLossPicture.draw,
    "levels": LevelsPicture.draw,
    "log-ruler": LogRulerPicture.draw,
    "merge-heap": MergeHeapPicture.draw,
    "read-path": ReadPathPicture.draw,
    "restart-search": RestartSearchPicture.draw,
    "resurrection": ResurrectionPicture.draw,
    "trie-nodes": TrieNodesPicture.draw,
    "write-path": WritePathPicture.draw,
  ]

  static var names: [String] { pages.keys.sorted() }
}
