import Glibc
public import Values

/// One run of one notebook: what to execute, with what, where, and within which limits.
public struct NotebookJob: Sendable {
  /// The path of the `.ipynb` file.
  public var notebook: String
  /// Put behind the cell tagged `parameters`; kept in the executed notebook, so never a secret.
  public var parameters: ObjectValue
  /// A folder of this run alone, made when missing; the executed notebook, its page and its outputs stay there.
  public var workFolder: String
  /// Where relative paths inside the notebook start; nil means the work folder.
  public var workingDirectory: String?
  /// Added to the few variables that every notebook gets.
  public var environment: [String: String]
  /// Handed over in the environment and written nowhere.
  public var secrets: [String: Secret]
  /// Ends the whole run from outside, also inside native code.
  public var timeout: Duration?
  /// Ends a single cell the same way.
  public var cellTimeout: Duration?
  /// The most private memory in bytes that the kernel may take; see ``MemoryLimit``.
  public var memoryLimit: Int?
  /// The interpreter of the kernel; nil means the runtime's own.
  public var kernelPython: String?
  /// A command that starts the one behind it with less rights; empty to start it as this process does.
  public var launcher: [String] = []
  /// Gives a folder to the account that the launcher changes to, before anything is started.
  public var handOver: @Sendable (_ folder: String) throws -> Void = { _ in }

  public init(
    notebook: String,
    parameters: ObjectValue,
    workFolder: String,
    workingDirectory: String? = nil
  ) {
    self.notebook = notebook
    self.parameters = parameters
    self.workFolder = workFolder
    self.workingDirectory = workingDirectory
    self.environment = [:]
    self.secrets = [:]
    self.timeout = nil
    self.cellTimeout = nil
    self.memoryLimit = nil
    self.kernelPython = nil
  }
}

/// What a notebook that ran to its end left behind.
public struct NotebookResult: Sendable {
  /// The notebook with its outputs.
  public let executedNotebook: String
  /// The page made from it: standalone, without scripts.
  public let html: String
  /// The folder that the paths in ``result`` are relative to.
  public let outputFolder: String
  /// What the notebook wrote to `result.json`; empty when it wrote none.
  public let result: ObjectValue
  /// From the start of the Python process to the finished page.
  public let seconds: Double

  /// The path of a file or folder that ``result`` names under a key, as `leaderboard`; nil where there is none.
  ///
  /// One that leads out of the output folder, by its name or by a link, is none.
  public func file(_ key: String) -> String? {
    guard let name = result[key]?.string, !name.utf8.contains(0),
      let root = realpath(outputFolder, nil), let real = realpath("\(outputFolder)/\(name)", nil)
    else { return nil }
    defer {
      free(root)
      free(real)
    }
    return String(cString: real).hasPrefix(String(cString: root) + "/")
      ? String(cString: real) : nil
  }
}
