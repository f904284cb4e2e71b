import Glibc

/// An address of the internet, of version 4 or 6.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// What an address is for, as the registries of special addresses have it (RFC 6890 and its successors).
  public enum Kind: String, Sendable, CaseIterable {
    case global
    case unspecified
    case loopback
    case `private`
    case linkLocal = "link-local"
    case shared = "shared (carrier NAT)"
    case multicast
    case uniqueLocal = "unique local"
    case reserved
  }

  /// Four or sixteen bytes, the first of the address first.
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads `192.0.2.1` or `2001:db8::1`; nil for everything else, as `127.1` or a name.
  public init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      bytes = withUnsafeBytes(of: &six) { Array($0) }
    } else {
      return nil
    }
  }

  /// Reads what the system connects to; nil where that is no address of the internet, as a unix socket.
  ///
  /// - Parameter address: a `sockaddr` with what belongs to its family behind it.
  public init?(socketAddress address: UnsafeRawPointer) {
    switch Int32(address.loadUnaligned(as: sockaddr.self).sa_family) {
    case AF_INET:
      var found = address.loadUnaligned(as: sockaddr_in.self).sin_addr
      bytes = withUnsafeBytes(of: &found) { Array($0) }
    case AF_INET6:
      var found = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      bytes = withUnsafeBytes(of: &found) { Array($0) }
    default: return nil
    }
  }

  public var description: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The same address as version 4 where it is one in the form of version 6 (`::ffff:192.0.2.1`).
  public var plain: IPAddress {
    AddressRange.mapped.contains(self) ? IPAddress(bytes: Array(bytes.suffix(4))) : self
  }

  /// What it is for; one that stands for an address of version 4 is what that is.
  public var kind: Kind {
    if bytes.count == 4 {
      return AddressRange.version4.first { $0.range.contains(self) }?.kind ?? .global
    }
    if let embedded { return embedded.kind }
    if let special = AddressRange.version6.first(where: { $0.range.contains(self) }) {
      return special.kind
    }
    // Only this eighth of the space is given out.
    return bytes[0] & 0xE0 == 0x20 ? .global : .reserved
  }

  /// The address of version 4 that packets end up at.
  private var embedded: IPAddress? {
    if AddressRange.mapped.contains(self) || AddressRange.translated.contains(self) {
      return IPAddress(bytes: Array(bytes.suffix(4)))
    }
    if AddressRange.sixToFour.contains(self) { return IPAddress(bytes: Array(bytes[2..<6])) }
    return nil
  }
}

/// Addresses that begin with the same bits.
public struct AddressRange: Sendable, Hashable {
  let start: IPAddress
  let prefixLength: Int

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let start = parts.first.flatMap({ IPAddress(String($0)) }), parts.count <= 2 else {
      return nil
    }
    let longest = start.bytes.count * 8
    let length = parts.count == 2 ? Int(parts[1]) : longest
    guard let length, (0...longest).contains(length) else { return nil }
    self.start = start
    prefixLength = length
  }

  func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == start.bytes.count else { return false }
    return zip(address.bytes, start.bytes).enumerated().allSatisfy { index, pair in
      let bits = min(8, max(0, prefixLength - index * 8))
      let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
      return pair.0 & mask == pair.1 & mask
    }
  }
}

// The registries of IANA: iana-ipv4-special-registry and iana-ipv6-special-registry.
extension AddressRange {
  private init(_ bytes: [UInt8], _ prefixLength: Int) {
    start = IPAddress(bytes: bytes)
    self.prefixLength = prefixLength
  }

  private init(six bytes: [UInt8], _ prefixLength: Int) {
    self.init(bytes + [UInt8](repeating: 0, count: 16 - bytes.count), prefixLength)
  }

  static let mapped = AddressRange(six: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96)
  static let translated = AddressRange(six: [0, 0x64, 0xFF, 0x9B], 96)
  static let sixToFour = AddressRange(six: [0x20, 0x02], 16)

  static let version4: [(range: AddressRange, kind: IPAddress.Kind)] = [
    (AddressRange([0, 0, 0, 0], 32), .unspecified),
    (AddressRange([0, 0, 0, 0], 8), .reserved),
    (AddressRange([10, 0, 0, 0], 8), .private),
    (AddressRange([100, 64, 0, 0], 10), .shared),
    (AddressRange([127, 0, 0, 0], 8), .loopback),
    (AddressRange([169, 254, 0, 0], 16), .linkLocal),
    (AddressRange([172, 16, 0, 0], 12), .private),
    (AddressRange([192, 0, 0, 0], 24), .reserved),
    (AddressRange([192, 0, 2, 0], 24), .reserved),
    (AddressRange([192, 88, 99, 0], 24), .reserved),
    (AddressRange([192, 168, 0, 0], 16), .private),
    (AddressRange([198, 18, 0, 0], 15), .reserved),
    (AddressRange([198, 51, 100, 0], 24), .reserved),
    (AddressRange([203, 0, 113, 0], 24), .reserved),
    (AddressRange([224, 0, 0, 0], 4), .multicast),
    (AddressRange([240, 0, 0, 0], 4), .reserved),
  ]

  static let version6: [(range: AddressRange, kind: IPAddress.Kind)] = [
    (AddressRange(six: [], 128), .unspecified),
    (AddressRange([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 128), .loopback),
    (AddressRange(six: [0x20, 0x01, 0x00], 23), .reserved),
    (AddressRange(six: [0x20, 0x01, 0x0D, 0xB8], 32), .reserved),
    (AddressRange(six: [0x3F, 0xFF], 20), .reserved),
    (AddressRange(six: [0xFC], 7), .uniqueLocal),
    (AddressRange(six: [0xFE, 0x80], 10), .linkLocal),
    (AddressRange(six: [0xFF], 8), .multicast),
  ]
}
