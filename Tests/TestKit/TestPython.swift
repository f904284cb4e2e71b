import Foundation
import Testing
public import Values

/// The Python of the test runtime that the bootstrap makes: an SMTP server and MLflow's own client are in it.
public enum TestPython {
  public static let path: String = {
    // A developer may try another environment without touching the shared one.
    if let chosen = ProcessInfo.processInfo.environment["TADORU_TEST_PYTHON"] { return chosen }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appending(path: ".deps/runtime/test/bin/python").path(percentEncoded: false)
  }()

  /// Runs a script of the fixtures to its end and reads the JSON it prints last.
  public static func run(_ script: String, _ arguments: [String]) async throws -> Value {
    let outcome = try await TadoruProcess.run(
      [try fixture(script)] + arguments,
      in: FileManager.default.temporaryDirectory.path(percentEncoded: false),
      executable: path
    )
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try JSON.decode(outcome.output.split(separator: "\n").last.map(String.init) ?? "null")
  }

  static func fixture(_ script: String) throws -> String {
    try #require(Bundle.module.path(forResource: script, ofType: "py", inDirectory: "Fixtures"))
  }
}
