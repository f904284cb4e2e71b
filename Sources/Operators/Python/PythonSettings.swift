/// What `py>` tasks run with unless they say otherwise.
public struct PythonSettings: Sendable {
  /// The folder of the runner that calls the function, as `python/py`.
  public var runner: String
  /// Interpreters to look for in this order behind the project's own `.venv`; `python3` of the `PATH` comes last.
  public var interpreters: [String]
  /// Where virtual environments for `docker.build` are kept.
  public var environmentsDirectory: String

  public init(runner: String, interpreters: [String], environmentsDirectory: String) {
    self.runner = runner
    self.interpreters = interpreters
    self.environmentsDirectory = environmentsDirectory
  }

  /// The interpreter for a project in which a task names none.
  func interpreter(projectDirectory: String, isThere: (String) -> Bool) -> String {
    ([projectDirectory + "/.venv/bin/python"] + interpreters).first(where: isThere) ?? "python3"
  }
}
