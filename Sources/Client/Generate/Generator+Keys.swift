import Scenarios

/// How the generator chooses keys.
extension Generator {
  /// After every key of five letters.
  static let afterLastKey = Key(lowercaseLetters: "zzzzzz")

  /// Five letters, which may already be a key.
  mutating func randomKey() -> Key {
    var letters = ""
    for _ in 0..<5 {
      letters.unicodeScalars.append(UnicodeScalar(UInt8(ascii: "a") + UInt8(random.below(26))))
    }
    return Key(lowercaseLetters: letters)
  }

  /// A key that holds a value, or may; nil if none does.
  mutating func presentKey() -> Key? {
    model.present.isEmpty ? nil : model.present[random.below(model.present.count)]
  }

  /// A key that holds nothing. Every second time it is a deleted key, if there is one: a deleted
  /// key that comes back is the mistake to look for.
  mutating func absentKey() -> Key {
    if random.oneIn(2), let key = deletedKey() { return key }
    return unusedKey()
  }

  /// A key for a PUT that is not an update: one in ten writes a deleted key again.
  mutating func newKey() -> Key {
    if random.oneIn(10), let key = deletedKey() { return key }
    return unusedKey()
  }

  private mutating func deletedKey() -> Key? {
    if model.deleted.isEmpty { return nil }
    let key = model.deleted[random.below(model.deleted.count)]
    return model.present.contains(key) ? nil : key
  }

  private mutating func unusedKey() -> Key {
    while true {
      let key = randomKey()
      if !model.present.contains(key) { return key }
    }
  }
}
