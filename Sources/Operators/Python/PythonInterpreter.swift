import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

/// Finds the interpreter of a `py>` task, and makes the virtual environment that its `docker.build` asks for.
struct PythonInterpreter: Sendable {
  let settings: PythonSettings
  let context: TaskContext
  let variables: [String: String]
  /// Removed when this process dies in the middle.
  let scratchFile: String

  /// The words of the command that starts the interpreter.
  func command(_ options: Parameters) async throws -> [String] {
    let chosen = try options.textList("python")
    if let chosen, chosen.first?.isEmpty ?? true {
      throw TaskFailure(
        .config,
        "`python` must name an interpreter, as `python3.11` or `[python3, -X, dev]`"
      )
    }
    let interpreter =
      chosen
      ?? [
        settings.interpreter(projectDirectory: context.projectDirectory) {
          FileManager.default.isExecutableFile(atPath: $0)
        }
      ]
    guard let docker = options.value("docker") else { return interpreter }
    return try await mapped(docker, to: interpreter)
  }

  /// No container is started: the image gives way to the interpreter.
  private func mapped(_ docker: Value, to interpreter: [String]) async throws -> [String] {
    guard let object = docker.object else {
      throw TaskFailure(
        .config,
        "`docker` must be a map as `{image: …}`, found the \(docker.kind) `\(docker)`"
      )
    }
    let image = object["image"].map { " image `\($0.text)`" } ?? ""
    context.output.info(
      "docker\(image) is not used: the script runs with `\(interpreter.joined(separator: " "))` on this machine"
    )
    let lines = PackageLines(try Parameters(object).textList("build") ?? [])
    for line in lines.ignored {
      context.output.warn("`docker.build` command is not run on this machine: \(line)")
    }
    guard !lines.installs.isEmpty else { return interpreter }
    return [try await environment(lines, interpreter) + "/bin/python"]
  }

  /// The folder of the virtual environment; made once for the same interpreter and packages.
  private func environment(_ lines: PackageLines, _ interpreter: [String]) async throws -> String {
    let folder = settings.environmentsDirectory + "/" + lines.fingerprint(with: interpreter)
    if FileManager.default.fileExists(atPath: folder + "/complete") { return folder }
    context.output.info(
      "making a virtual environment with \(lines.installs.joined(separator: ", "))"
    )
    let installs = lines.installs.map {
      "\"$folder/bin/python\" -m pip install --quiet --disable-pip-version-check \($0)"
    }
    let script =
      Self.preparation + installs.joined(separator: "\n") + "\n: > \"$folder/complete\"\n"
    try shareEnvironments()
    let process = ChildProcess(
      command: ["/bin/sh", "-c", script, "sh", folder] + interpreter,
      environment: variables,
      workingDirectory: context.workingDirectory,
      scratchFile: scratchFile,
      policy: context.isolation.processes
    )
    let code = try await process.run(output: context.output.print)
    guard code == 0 else {
      throw TaskFailure(
        .runtime,
        "the packages of `docker.build` could not be installed (code \(code)): "
          + lines.installs.map { "`pip install \($0)`" }.joined(separator: ", ")
      )
    }
    return folder
  }

  /// Lets the account of tasks, where there is one, make environments that all its tasks use.
  private func shareEnvironments() throws {
    guard context.isolation.processes.account != nil else { return }
    let folder = settings.environmentsDirectory
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try context.isolation.processes.give(folder)
  }

  /// One task makes it, others wait.
  ///
  /// What the interpreter has already stays importable, as in an image.
  private static let preparation = """
    set -e
    folder=$1; shift
    mkdir -p "$(dirname "$folder")"
    exec 9> "$folder.lock"
    flock 9
    if [ -e "$folder/complete" ]; then exit 0; fi
    rm -rf "$folder"
    "$@" -m venv "$folder"
    packages=$("$folder/bin/python" -c 'import sys, sysconfig; sys.stdout.write(sysconfig.get_path("purelib"))')
    "$@" -c 'import sys; sys.stdout.writelines(p + "\\n" for p in sys.path if p.endswith("-packages"))' \
    > "$packages/base-interpreter.pth"

    """
}
