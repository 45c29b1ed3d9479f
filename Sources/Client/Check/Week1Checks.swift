import NIOHTTP1
import Scenarios

// Week 1: what a store is. (A long check ends where a later week has one that asks for all of it and
// more.)

extension Check {
  static let week1 =
    values + keys + api + [
      Check(
        "no update is lost: 100 keys, set again and again, hold the last value",
        from: 1, read: .api, on: .empty
      ) { server in
        try await server.overwrite(keys: 100, times: max(2, server.plan.requests / 400))
      },
      Check(
        "ten thousand PUTs and GETs are answered as by a dictionary",
        from: 1, until: 1, read: .api, on: .empty
      ) { server in
        _ = try await server.replay(.put)
      },
    ]

  private static let values: [Check] = [
    Check("a PUT answers 200, and a GET then answers 200 and the value", from: 1, read: .api) {
      try await $0.put("apple", "5", strictly: true)
      try await $0.get("apple", is: "5")
    },
    Check("a key that was never set answers 404", from: 1, read: .api) {
      try await $0.get("kiwi", is: nil)
    },
    Check("a second PUT replaces the value, also by a shorter one", from: 1, read: .api) {
      try await $0.put("apple", "12345")
      try await $0.put("apple", "123")
      try await $0.get("apple", is: "123")
    },
    Check("an empty value is a value, and no miss", from: 1, read: .theFormat(of: 1)) {
      try await $0.put("apple", "")
      try await $0.get("apple", is: "")
      try await $0.put("apple", "5")
      try await $0.put("apple", "")
      try await $0.get("apple", is: "")
    },
    Check("a value comes back byte for byte", from: 1, read: .theFormat(of: 1)) { server in
      for (number, value) in oddValues.enumerated() {
        try await server.put("odd\(number)", value)
        try await server.get("odd\(number)", is: value)
      }
    },
    Check("a value of up to 1 MiB comes back whole", from: 1, read: .theFormat(of: 1)) { server in
      for length in [4_095, 4_096, 65_535, 65_536, 1_000_000, 1 << 20] {
        let value = String(repeating: "0123456789abcdef", count: length / 16 + 1).prefix(length)
        try await server.put("long\(length)", String(value))
        try await server.get("long\(length)", is: String(value))
      }
    },
  ]

  /// Values that a careless server takes for something else. The last one has every byte of ASCII.
  static let oddValues =
    ["0", "null", "true", "\"", "\\", "{}", " a ", "a\n", "\r\n", "a=b&c=%20", "NOT_FOUND"]
    + [String(decoding: 0...127 as ClosedRange<UInt8>, as: UTF8.self)]

  private static let keys: [Check] = [
    Check("a key is percent-decoded, and once: a%2Fb is the key a/b", from: 1, read: .api) {
      server in
      try await server.put("a/b", "5")
      try await server.send(.PUT, await server.target("%61pple"), Array("7".utf8), answers: 200)
      try await server.get("apple", is: "7")
      try await server.put("a%2fb", "a percent sign")
      try await server.get("a%2fb", is: "a percent sign")
      try await server.get("a/b", is: "5")

    },
    Check(
      "a key may have any printable ASCII byte but A to Z, and up to 255 of them",
      from: 1, read: .theFormat(of: 1)
    ) { server in
      for byte in UInt8(0x21)...0x7E where !(0x41...0x5A).contains(byte) {
        let name = "k" + String(UnicodeScalar(byte))
        try await server.put(name, "\(byte)")
        try await server.get(name, is: "\(byte)")
      }
      let longest = String(repeating: "k", count: 255 - (await server.key("")).text.utf8.count)
      try await server.put(longest, "longest")
      try await server.get(longest, is: "longest")
    },
    Check("scan, without a query string, is a key like any other", from: 1, read: .api) { server in
      try await server.ask(.put(Key(lowercaseLetters: "scan"), value: "5"))
      try await server.get(Key(lowercaseLetters: "scan"), is: .value("5"))
    },
  ]
}
