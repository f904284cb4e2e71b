import Foundation
import Values

/// The notebooks that come with the product, and the way to a user's own.
public struct NotebookCatalog: Sendable {
  /// The folder with the `.ipynb` files and the Python package `tadoru_notebook`.
  public let folder: String
  public let notebooks: [ShippedNotebook]

  /// - Parameter folder: the shipped `notebooks` folder.
  public init(folder: String) {
    self.folder = folder
    self.notebooks = [.gluonTrain, .gluonPredict]
  }

  /// The shipped notebook of a name.
  ///
  /// - Throws: ``NotebookError`` `notebookMissing` with the nearest names.
  public func notebook(named name: String) throws(NotebookError) -> ShippedNotebook {
    if let found = notebooks.first(where: { $0.name == name }) { return found }
    throw NotebookError(
      .notebookMissing,
      "no notebook `\(name)`" + Self.hint(name, among: notebooks.map(\.name))
    )
  }

  /// The file of a shipped notebook.
  public func file(of notebook: ShippedNotebook) -> String { "\(folder)/\(notebook.name).ipynb" }

  /// The file of a user's own notebook, written with or without `.ipynb`.
  ///
  /// - Parameters:
  ///   - name: a path relative to the project.
  ///   - project: the project's folder; the notebook must lie in it.
  /// - Returns: the path of the file.
  /// - Throws: ``NotebookError`` `notebookMissing` with the nearest names.
  public func find(_ name: String, in project: String) throws(NotebookError) -> String {
    let base = URL(filePath: project, directoryHint: .isDirectory).standardizedFileURL
    let candidates = name.hasSuffix(".ipynb") ? [name] : ["\(name).ipynb", name]
    for candidate in candidates {
      let file = base.appending(path: candidate).standardizedFileURL
      guard Self.isInside(file, base) else {
        throw NotebookError(
          .notebookMissing,
          "notebook `\(name)` lies outside the project: copy it into the project"
        )
      }
      var isFolder: ObjCBool = false
      let path = file.path(percentEncoded: false)
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
        return path
      }
    }
    throw NotebookError(
      .notebookMissing,
      "no notebook `\(candidates[0])` in the project"
        + Self.hint(candidates[0], among: Self.ownNotebooks(in: base))
    )
  }

  private static func isInside(_ file: URL, _ base: URL) -> Bool {
    let real = file.resolvingSymlinksInPath().pathComponents
    return real.starts(with: base.resolvingSymlinksInPath().pathComponents)
  }

  private static func ownNotebooks(in base: URL) -> [String] {
    let root = base.pathComponents.count
    let files = FileManager.default.enumerator(
      at: base,
      includingPropertiesForKeys: nil,
      options: [.skipsHiddenFiles]
    )
    var found: [String] = []
    while let file = files?.nextObject() as? URL, found.count < 1000 {
      guard file.pathExtension == "ipynb" else { continue }
      found.append(file.standardizedFileURL.pathComponents.dropFirst(root).joined(separator: "/"))
    }
    return found.sorted()
  }

  private static func hint(_ name: String, among known: [String]) -> String {
    let near = Suggestion.nearest(to: name, among: known)
    let shown = near.isEmpty ? Array(known.prefix(5)) : near
    guard !shown.isEmpty else { return "; it has no notebooks" }
    let list = shown.map { "`\($0)`" }.joined(separator: ", ")
    return near.isEmpty ? "; there are \(list)" : "; did you mean \(list)?"
  }
}
