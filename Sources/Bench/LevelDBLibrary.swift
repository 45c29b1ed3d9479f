#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// LevelDB's C library, which is loaded only if it is asked for, so that it need not be installed otherwise.
/// Its functions are those of `leveldb/c.h`.
struct LevelDBLibrary: @unchecked Sendable {  // Addresses of functions that any thread may call.
  typealias Handle = OpaquePointer?
  typealias Failure = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

  let makeOptions: @convention(c) () -> Handle
  let setCreates: @convention(c) (Handle, UInt8) -> Void
  let setMemtableBytes: @convention(c) (Handle, Int) -> Void
  let setCompression: @convention(c) (Handle, Int32) -> Void
  let setCache: @convention(c) (Handle, Handle) -> Void
  let makeCache: @convention(c) (Int) -> Handle
  let setFilter: @convention(c) (Handle, Handle) -> Void
  let makeFilter: @convention(c) (Int32) -> Handle
  let makeReadOptions: @convention(c) () -> Handle
  let makeWriteOptions: @convention(c) () -> Handle
  let setSyncs: @convention(c) (Handle, UInt8) -> Void

  let open: @convention(c) (Handle, UnsafePointer<CChar>, Failure) -> Handle
  let close: @convention(c) (Handle) -> Void
  let put:
    @convention(c) (Handle, Handle, UnsafeRawPointer, Int, UnsafeRawPointer, Int, Failure) -> Void
  let get:
    @convention(c) (Handle, Handle, UnsafeRawPointer, Int, UnsafeMutablePointer<Int>, Failure) ->
      UnsafeMutableRawPointer?
  let delete: @convention(c) (Handle, Handle, UnsafeRawPointer, Int, Failure) -> Void
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void
  let compactRange: @convention(c) (Handle, UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> Void

  let makeIterator: @convention(c) (Handle, Handle) -> Handle
  let destroyIterator: @convention(c) (Handle) -> Void
  let seek: @convention(c) (Handle, UnsafeRawPointer, Int) -> Void
  let isValid: @convention(c) (Handle) -> UInt8
  let advance: @convention(c) (Handle) -> Void
  let key: @convention(c) (Handle, UnsafeMutablePointer<Int>) -> UnsafeRawPointer
  let value: @convention(c) (Handle, UnsafeMutablePointer<Int>) -> UnsafeRawPointer

  private static let names = [
    "libleveldb.so.1d", "libleveldb.so.1", "libleveldb.so", "libleveldb.dylib",
  ]

  /// Throws if the library is not installed, or lacks a function.
  init() throws(LibraryError) {
    guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first else {
      throw .missing
    }
    func function<Function>(_ name: String) throws(LibraryError) -> Function {
      guard let address = dlsym(library, "leveldb_\(name)") else { throw .lacks(name) }
      return unsafeBitCast(address, to: Function.self)
    }
    makeOptions = try function("options_create")
    setCreates = try function("options_set_create_if_missing")
    setMemtableBytes = try function("options_set_write_buffer_size")
    setCompression = try function("options_set_compression")
    setCache = try function("options_set_cache")
    makeCache = try function("cache_create_lru")
    setFilter = try function("options_set_filter_policy")
    makeFilter = try function("filterpolicy_create_bloom")
    makeReadOptions = try function("readoptions_create")
    makeWriteOptions = try function("writeoptions_create")
    setSyncs = try function("writeoptions_set_sync")
    open = try function("open")
    close = try function("close")
    put = try function("put")
    get = try function("get")
    delete = try function("delete")
    free = try function("free")
    compactRange = try function("compact_range")
    makeIterator = try function("create_iterator")
    destroyIterator = try function("iter_destroy")
    seek = try function("iter_seek")
    isValid = try function("iter_valid")
    advance = try function("iter_next")
    key = try function("iter_key")
    value = try function("iter_value")
  }

  /// Calls `body` with a place for an error, and throws the error that it leaves there.
  func check<Result>(_ body: (Failure) -> Result) throws(LibraryError) -> Result {
    var failure: UnsafeMutablePointer<CChar>?
    let result = body(&failure)
    if let failure {
      defer { free(failure) }
      throw .failed(String(cString: failure))
    }
    return result
  }
}

enum LibraryError: Error, CustomStringConvertible {
  case missing
  case lacks(String)
  case failed(String)

  var description: String {
    switch self {
    case .missing:
      "LevelDB's library is not installed. Debian and Ubuntu have it as libleveldb1d, Homebrew as leveldb."
    case .lacks(let name): "LevelDB's library has no function leveldb_\(name)."
    case .failed(let reason): "LevelDB: \(reason)"
    }
  }
}
