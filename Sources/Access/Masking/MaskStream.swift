/// Masks bytes that arrive in pieces, of any kind; what comes out does not depend on where they are cut.
///
/// It holds back only what may be the beginning of a secret, so a line is through when it has come.
public struct MaskStream: Sendable {
  private let index: PatternIndex
  /// What has come and is not decided.
  private var held: [UInt8] = []
  /// How many of them are covered by a secret that began before; its stars are out already.
  private var covered = 0

  public init(_ mask: SecretMask) { index = mask.index }

  /// Takes the next piece and gives what can be shown by now.
  public mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
    guard !index.isEmpty else { return bytes }
    held += bytes
    return release(upTo: held.withUnsafeBytes { index.unfinished(in: $0) })
  }

  /// Gives the rest; the next piece begins another text.
  public mutating func finish() -> [UInt8] { release(upTo: held.count) }

  /// Secrets that overlap are covered as a whole, hence every place is looked at, also covered ones.
  private mutating func release(upTo end: Int) -> [UInt8] {
    var shown: [UInt8] = []
    shown.reserveCapacity(end)
    var hidden = covered
    held.withUnsafeBytes { text in
      index.matches(in: text, from: 0..<end) { place, count in
        if place >= hidden {
          shown += text[hidden..<place]
          shown += SecretMask.stars
        }
        hidden = max(hidden, place + count)
      }
      if hidden < end { shown += text[hidden..<end] }
    }
    covered = max(0, hidden - end)
    held.removeFirst(end)
    return shown
  }
}
