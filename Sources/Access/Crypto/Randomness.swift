/// Where the composition root takes random bytes from.
public enum Randomness {
  /// So many bytes of the operating system's generator for cryptography.
  public static func system(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
  }
}
