public import WorkflowLanguage

extension RevisionStore {
  /// The archive of a revision, a gzip tar.
  ///
  /// - Throws: ``ProjectError`` `io` when it is missing.
  public func archive(of revision: Revision) throws -> String {
    let path = layout.archive(revision.hash)
    guard FolderTree.exists(path) else {
      throw ProjectError(.io, "the archive of the revision \(revision.name.quotedName) is missing")
    }
    return path
  }

  /// The folder with the files of a revision, which may be read and not written.
  ///
  /// Unpacked again where it is missing.
  /// - Throws: ``ProjectError`` `io` when the archive is missing or damaged.
  public func files(of revision: Revision) throws -> String {
    try RevisionFiles(layout: layout, hash: revision.hash).folder()
  }

  /// The workflows of a revision in the order of their names; those asked for last are kept in memory.
  ///
  /// - Throws: ``ProjectError`` `io` as `files`; `refused` when this version finds mistakes another one did not.
  public func workflows(of revision: Revision) throws -> [WorkflowDefinition] {
    try cache.workflows(of: revision.hash) {
      let loaded = ProjectLoader.load(directory: try files(of: revision))
      guard !loaded.isRefused else {
        throw ProjectError(
          .refused,
          "the revision \(revision.name.quotedName) has mistakes that were none when it was pushed",
          diagnostics: loaded.diagnostics
        )
      }
      return loaded.workflows
    }
  }
}
