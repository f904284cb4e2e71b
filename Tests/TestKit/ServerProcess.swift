import Foundation
public import Values

/// A real `tadoru server` on a free port, with a data folder of its own.
public final class ServerProcess: Sendable {
  public let folder: TemporaryFolder
  public let data: String
  private let process: TadoruProcess
  private let log: String
  public let port: Int

  /// Starts it and waits until it listens.
  ///
  /// - Parameters:
  ///   - folder: with the data folder of an earlier server, which is gone on with.
  ///   - arguments: behind `server`.
  ///   - environment: added to that of the tests.
  /// - Throws: ``Failure`` with what it said, when it ends instead.
  public init(
    in folder: TemporaryFolder? = nil,
    _ arguments: [String] = [],
    environment: [String: String] = [:]
  ) async throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    data = folder.path + "/data"
    let configuration = folder.path + "/server.yml"
    if !FileManager.default.fileExists(atPath: configuration) {
      try folder.write("{}\n", to: "server.yml")
    }
    if !FileManager.default.fileExists(atPath: folder.path + "/client/config.yml") {
      try folder.write("{}\n", to: "client/config.yml")
    }
    let name = UUID().uuidString.prefix(8)
    log = folder.path + "/server-\(name).log"
    // Into a file, so that nobody has to read a pipe until the end.
    process = TadoruProcess(
      [
        "-c", "exec \"$0\" server \"$@\" 2> \(log)", TadoruProcess.executable, "--data", data,
        "--port", "0", "--log-format", "json",
      ] + arguments,
      in: folder.path,
      environment: ["TADORU_CONFIG": configuration, "CRASH_LIFE": folder.path]
        .merging(environment) { _, new in new },
      executable: "/bin/bash"
    )
    try process.start()
    port = try await Self.port(of: process, log: log)
  }

  public var endpoint: String { "http://127.0.0.1:\(port)" }
  public var identifier: Int32 { process.identifier }
  public var isRunning: Bool { process.isRunning }

  /// What it said so far.
  public var said: String {
    String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
  }

  public func send(_ signal: Int32) { process.send(signal) }

  /// Waits for its end.
  @discardableResult
  public func finish() async -> Int32 { await process.finish().status }

  /// Ends it in an orderly way.
  @discardableResult
  public func stop() async -> Int32 {
    send(SIGTERM)
    return await finish()
  }

  deinit { if process.isRunning { process.send(SIGKILL) } }

  /// A command that talks to this server.
  public func tadoru(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) async throws -> TadoruProcess.Outcome {
    try await TadoruProcess.run(
      arguments,
      in: folder.path,
      environment: [
        "TADORU_ENDPOINT": endpoint, "TADORU_CONFIG": folder.path + "/client/config.yml",
      ].merging(environment) { _, new in new }
    )
  }

  /// What a command with `--json` prints.
  public func json(
    _ arguments: [String],
    environment: [String: String] = [:]
  ) async throws -> Value {
    let outcome = try await tadoru(arguments + ["--json"], environment: environment)
    guard outcome.status == 0 else {
      throw Failure(description: "\(arguments) ended with \(outcome.status): \(outcome.errors)")
    }
    return try JSON.decode(outcome.output)
  }

  /// Writes a project folder and pushes it.
  public func push(_ name: String, _ files: [String: String]) async throws {
    let place = "projects/\(name)-\(UUID().uuidString.prefix(8))"
    for (file, text) in files { try folder.write(text, to: "\(place)/\(file)") }
    _ = try await json(["push", name, "--project", folder.path + "/" + place])
  }

  /// Waits until an attempt has ended; gives how.
  public func end(of attempt: Int64) async throws -> String {
    while true {
      let record = try await json(["attempt", "\(attempt)"]).object ?? [:]
      let status = record["status"]?.string ?? ""
      if status != "running" { return status }
      try await ContinuousClock().sleep(for: .milliseconds(50))
    }
  }

  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private static func port(of process: TadoruProcess, log: String) async throws -> Int {
    while true {
      let said = String(
        decoding: FileManager.default.contents(atPath: log) ?? Data(),
        as: UTF8.self
      )
      if let line = said.split(separator: "\n").first(where: { $0.contains("listening at") }),
        let text = line.split(separator: ":").last?.prefix(while: \.isNumber), let port = Int(text)
      {
        return port
      }
      guard process.isRunning else { throw Failure(description: "the server ended: \(said)") }
      try await ContinuousClock().sleep(for: .milliseconds(20))
    }
  }
}
