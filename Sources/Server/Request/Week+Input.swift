import Basics
import NIOHTTP1
import Week1Memory
import Week8Concurrency
import Weeks

// Keys and values in a request, under the week's rules.
extension Week {
  /// The key spelled by percent-escaped text: a segment of a path, a value in a query, a word in a
  /// batch.
  func key<Text: Collection<UInt8>>(
    escaped text: Text
  ) throws(Refusal) -> Key where Text.SubSequence == Text {
    let bytes =
      text.contains(UInt8(ascii: "%")) ? Bytes(try PercentEscapes.decode(text)) : Bytes(text)
    do throws(InvalidInput) {
      return takesAnyBytes ? try Key(anyBytes: bytes) : try Key(bytes)
    } catch {
      throw Refusal(.badRequest, "\(error)")
    }
  }

  func value(_ bytes: Bytes) throws(Refusal) -> Value {
    do throws(InvalidInput) {
      return takesAnyBytes ? try Value(anyBytes: bytes) : try Value(bytes)
    } catch {
      throw Refusal(.badRequest, "\(error)")
    }
  }
}
