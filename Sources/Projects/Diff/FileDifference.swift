/// One file that is not the same in two revisions.
public struct FileDifference: Sendable, Hashable {
  /// What became of the file.
  public enum Change: String, Sendable, Hashable, CaseIterable { case added, removed, changed }

  /// What can be shown of it.
  public enum Content: Sendable, Hashable {
    /// The lines that differ in the unified format; none where only rights differ.
    case text(String)
    /// Not UTF-8, or too large to be compared by lines.
    case binary
  }

  /// Relative to the project folder.
  public let path: String
  public let change: Change
  /// Of the content, or of the target of a link; nil where the file is not there.
  public let oldSizeInBytes: Int64?
  public let newSizeInBytes: Int64?
  public let content: Content
}
