import Foundation
public import Values

/// The real `tadoru` executable, run as a user would.
public struct TadoruProcess: Sendable {
  /// The executable that was built together with the tests.
  public static var executable: String {
    var folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "tadoru")
      if FileManager.default.isExecutableFile(atPath: candidate.path),
        !candidate.hasDirectoryPath
      {
        return candidate.path
      }
      folder.deleteLastPathComponent()
    }
    return "tadoru"
  }

  /// What a finished process left.
  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  /// Prepares a run; nothing is started yet.
  ///
  /// - Parameters:
  ///   - arguments: behind the name of the executable.
  ///   - directory: where it runs.
  ///   - environment: added to that of the tests.
  ///   - executable: a foreign client, when it is not `tadoru`.
  public init(
    _ arguments: [String],
    in directory: String,
    environment: [String: String] = [:],
    executable: String = executable
  ) {
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: directory)
    process.environment = ProcessInfo.processInfo.environment
      .merging(["DIGDAG_CONFIG_HOME": directory + "/no-config"]) { _, new in new }
      .merging(environment) { _, new in new }
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
  }

  /// Runs to the end.
  public static func run(
    _ arguments: [String],
    in directory: String,
    environment: [String: String] = [:],
    executable: String = executable
  ) async throws -> Outcome {
    let process = TadoruProcess(
      arguments,
      in: directory,
      environment: environment,
      executable: executable
    )
    try process.start()
    return await process.finish()
  }

  public func start() throws { try process.run() }

  public var identifier: Int32 { process.processIdentifier }

  public var isRunning: Bool { process.isRunning }

  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end and gives what was printed.
  public func finish() async -> Outcome {
    async let output = Self.readAll(self.output.fileHandleForReading)
    async let errors = Self.readAll(self.errors.fileHandleForReading)
    let texts = await (output, errors)
    let status = await Self.wait(for: process)
    return Outcome(status: status, output: texts.0, errors: texts.1)
  }

  private static func readAll(_ handle: FileHandle) async -> String {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          returning: String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
        )
      }
    }
  }

  private static func wait(for process: Process) async -> Int32 {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        process.waitUntilExit()
        let status = process.terminationStatus
        continuation.resume(
          returning: process.terminationReason == .uncaughtSignal ? 128 + status : status
        )
      }
    }
  }
}

/// A project folder in which workflows are run by the real executable.
public struct ProjectFixture: Sendable {
  public let folder: TemporaryFolder

  public init(_ files: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
  }

  /// `tadoru run` with a report: the report and what was printed.
  public func run(
    _ workflow: String,
    _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) async throws -> (outcome: TadoruProcess.Outcome, report: AttemptReportText) {
    let file = folder.path + "/report.json"
    let outcome = try await TadoruProcess.run(
      ["run", workflow, "--report", file] + arguments,
      in: folder.path,
      environment: environment
    )
    let text = FileManager.default.contents(atPath: file).map {
      String(decoding: $0, as: UTF8.self)
    }
    return (outcome, AttemptReportText(value: try JSON.decode(text ?? "{}")))
  }
}

/// A report as the executable wrote it.
public struct AttemptReportText: Sendable {
  public let value: Value

  public init(value: Value) { self.value = value }

  public var status: String? { value.object?["status"]?.string }

  /// The tasks of a full name, in order of ids.
  public func tasks(_ name: String) -> [ObjectValue] {
    value.object?["tasks"]?.array?.compactMap(\.object).filter { $0["name"]?.string == name } ?? []
  }

  /// The state of the last task of a name.
  public func state(_ name: String) -> String? { tasks(name).last?["state"]?.string }

  /// The message of the last task of a name.
  public func error(_ name: String) -> String? {
    tasks(name).last?[path: ["error", "message"]]?.string
  }

  public var errors: [ObjectValue] { value.object?["errors"]?.array?.compactMap(\.object) ?? [] }
}
