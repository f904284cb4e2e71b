/// Where archives and their files lie in the data folder.
struct StoreLayout: Sendable {
  let folder: String

  var archives: String { folder + "/archives" }
  var revisions: String { folder + "/revisions" }

  private static let suffix = ".tar.gz"

  func archive(_ hash: String) -> String { "\(archives)/\(hash)\(Self.suffix)" }

  /// The hash an archive or a folder is named after.
  static func hash(of name: String) -> String {
    name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
  }

  func files(_ hash: String) -> String { "\(revisions)/\(hash)" }
}
