/// Where archives and their files lie in the data folder.
struct StoreLayout: Sendable {
  let folder: String

  var archives: String { folder + "/archives" }
  var revisions: String { folder + "/revisions" }

  static let suffix = ".tar.gz"

  func archive(_ hash: String) -> String { "\(archives)/\(hash)\(Self.suffix)" }

  func files(_ hash: String) -> String { "\(revisions)/\(hash)" }
}
