import Foundation
import Subprocess
import SystemPackage
import Values

/// The pinned Python environment that executes notebooks.
public struct PythonRuntime: Sendable {
  /// The folder that holds the environment `automl`.
  public let root: String

  /// - Parameter root: the folder that holds the environments, as `.deps/runtime`.
  public init(root: String) { self.root = root }

  /// The interpreter.
  public var python: String { "\(root)/automl/bin/python" }

  /// The versions of what notebooks are run with and models are kept by.
  public struct Versions: Sendable, Hashable {
    public let python: String
    public let autogluon: String
    public let papermill: String
    public let nbconvert: String
    public let lightgbm: String
  }

  /// Refuses to go on without an interpreter; costs one look at the disk.
  ///
  /// - Throws: ``NotebookError`` `runtimeMissing` whose message names the command that mends it.
  public func require() throws(NotebookError) {
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw NotebookError(
        .runtimeMissing,
        "no Python runtime at `\(python)`: make it with `\(Self.remedy)`"
      )
    }
  }

  /// Reads the versions of the installed packages; starts an interpreter.
  ///
  /// - Throws: ``NotebookError`` `runtimeMissing` whose message names the command that mends it.
  public func check() async throws -> Versions {
    try require()
    let outcome: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
    do {
      outcome = try await run(
        .path(FilePath(python)),
        arguments: ["-c", Self.versionScript],
        environment: .custom(["LANG": "C.UTF-8"]),
        output: .string(limit: 65_536),
        error: .string(limit: 65_536)
      )
    } catch {
      throw NotebookError(
        .runtimeMissing,
        "`\(python)` does not start: make it anew with `\(Self.remedy)`",
        cause: error
      )
    }
    guard outcome.terminationStatus.isSuccess else {
      let reason = outcome.standardError.split(separator: "\n").last.map(String.init)
      throw NotebookError(
        .runtimeMissing,
        "the Python runtime at `\(root)/automl` is not complete (\(reason ?? "no reason given")): "
          + "mend it with `\(Self.remedy)`",
        detail: outcome.standardError
      )
    }
    return try versions(outcome.standardOutput)
  }

  private static let remedy = "make runtime"

  private static let versionScript = """
    import json, platform, sys
    from importlib.metadata import version
    names = {"autogluon": "autogluon.tabular", "lightgbm": "lightgbm"}
    names |= {"papermill": "papermill", "nbconvert": "nbconvert"}
    found = {k: version(v) for k, v in names.items()}
    sys.stdout.write(json.dumps({"python": platform.python_version(), **found}))
    """

  private func versions(_ text: String) throws -> Versions {
    let found = try JSON.decode(text).object
    func version(_ name: String) throws(NotebookError) -> String {
      guard let version = found?[name]?.string else {
        throw NotebookError(
          .runtimeMissing,
          "`\(python)` does not tell its version of \(name): `\(Self.remedy)`"
        )
      }
      return version
    }
    return try Versions(
      python: version("python"),
      autogluon: version("autogluon"),
      papermill: version("papermill"),
      nbconvert: version("nbconvert"),
      lightgbm: version("lightgbm")
    )
  }
}

extension PythonRuntime {
  /// The version of a package in any Python environment.
  ///
  /// - Parameters:
  ///   - package: the name it is installed under.
  ///   - python: an interpreter.
  /// - Returns: as its distribution states it, for example `1.6.3`.
  /// - Throws: ``NotebookError`` `runtimeMissing`.
  public static func version(of package: String, python: String) async throws -> String {
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw NotebookError(.runtimeMissing, "there is no Python at `\(python)`")
    }
    let outcome = try await run(
      .path(FilePath(python)),
      arguments: [
        "-c",
        "import importlib.metadata, sys; sys.stdout.write(importlib.metadata.version(sys.argv[1]))",
        package,
      ],
      output: .string(limit: 4096),
      error: .discarded
    )
    guard outcome.terminationStatus.isSuccess else {
      throw NotebookError(.runtimeMissing, "`\(python)` has no package `\(package)`")
    }
    return outcome.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
