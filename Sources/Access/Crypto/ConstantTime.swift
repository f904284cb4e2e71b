import Crypto

/// Comparing what an attacker sends with what only we know.
enum ConstantTime {
  /// True when both are the same; takes as long wherever they begin to differ.
  static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    SymmetricKey(data: left) == SymmetricKey(data: right)
  }

  static func equal(_ left: String, _ right: String) -> Bool {
    equal(Array(left.utf8), Array(right.utf8))
  }
}
