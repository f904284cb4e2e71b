import Glibc

/// What counts as one client when sign-ins are counted.
enum ClientAddress {
  /// An IPv4 address as it is, of an IPv6 address its network of 64 bits, which one household or
  /// machine has to itself; anything else as its text.
  static func counted(_ text: String) -> String {
    let plain = text.split(separator: "%", maxSplits: 1).first.map(String.init) ?? ""
    var four = in_addr()
    if inet_pton(AF_INET, plain, &four) == 1 { return plain }
    var six = in6_addr()
    guard inet_pton(AF_INET6, plain, &six) == 1 else {
      return shown(text)
    }
    let bytes = withUnsafeBytes(of: &six) { Array($0) }
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xff, 0xff]
    if isMapped { return bytes[12...].map { String($0) }.joined(separator: ".") }
    let groups = stride(from: 0, to: 8, by: 2).map {
      String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "::/64"
  }

  /// The text of an address as it may be kept: short, without characters that a database refuses.
  static func shown(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 }.prefix(100)))
  }
}
