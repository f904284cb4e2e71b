/// A stored file, as it was when it was stored.
public struct ArtifactFile: Sendable, Hashable {
  /// Relative to the folder it belongs to, with `/` between the parts.
  public let path: String
  public let sizeInBytes: Int64
  /// 64 hexadecimal digits.
  public let sha256: String
}
