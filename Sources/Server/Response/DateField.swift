import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The time of an answer, which a server with a clock must send (RFC 9110, 6.6.1). Formatted once a
/// second.
enum DateField {
  private static let last = Mutex((second: time_t(-1), text: ""))

  /// The current second as `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func now() -> String {
    let second = time(nil)
    return last.withLock { last in
      if last.second != second { last = (second, text(of: second)) }
      return last.text
    }
  }

  /// The date in the format of RFC 9110, 5.6.7, independent of the process's locale.
  static func text(of second: time_t) -> String {
    var (second, date) = (second, tm())
    gmtime_r(&second, &date)
    func padded(_ number: Int32) -> String { (number < 10 ? "0" : "") + "\(number)" }
    let day = "\(weekdays[Int(date.tm_wday)]), \(padded(date.tm_mday)) \(months[Int(date.tm_mon)])"
    let hour = "\(padded(date.tm_hour)):\(padded(date.tm_min)):\(padded(date.tm_sec))"
    return "\(day) \(date.tm_year + 1900) \(hour) GMT"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
