import Access
import Foundation
import Server
import Values
import WorkflowEngine
import WorkflowLanguage

/// How `tadoru server` was told to be: by its options, else by `server:` of the configuration, else as usual.
struct ServiceSettings: Sendable {
  let data: String
  let server: ServerSettings
  /// Where people reach it.
  let address: PublicAddress
  let mostAttempts: Int
  let grace: Duration
  let run: RunSettings
  let owner: Principal
  let secretKey: SecretKeySource
  let console: ProgressConsole
  private let isolation: ObjectValue
  private let file: String

  /// - Throws: ``CommandFailure`` `usage` for a setting that is not what it must be.
  init(_ command: ServerCommand, environment: [String: String]) throws {
    let configuration = try UserConfiguration(environment: environment)
    let settings = Parameters(configuration.server)
    do {
      data =
        try command.data ?? environment["TADORU_DATA"] ?? settings.text("data") ?? ".tadoru-server"
      let url = try settings.text("url").map(PublicAddress.checked)
      var server = try Self.server(command, settings)
      if let host = url.flatMap(PublicAddress.host(of:)) { server.allowedHosts.append(host) }
      self.server = server
      address = PublicAddress(
        configured: url,
        settings: server
      )
      mostAttempts = try command.maxAttempts ?? settings.int("max_attempts").map { Int($0) } ?? 100
      let written = try command.grace ?? settings.text("grace") ?? "30s"
      grace = try Parameters(["grace": .string(written)]).duration("grace") ?? .seconds(30)
    } catch let error as WorkflowError {
      throw CommandFailure(
        .usage,
        "`server` in the configuration `\(configuration.file)`: \(error.message)",
        hint: error.hint
      )
    }
    guard mostAttempts > 0 else {
      throw CommandFailure(.usage, "--max-attempts must be 1 or more, found \(mostAttempts)")
    }
    run = try command.options.settings()
    owner = .owner(name: configuration.userName, email: configuration.email)
    secretKey = SecretKeySource(
      environment: environment,
      dataFolder: LocalProject(data).directory
    )
    console = ProgressConsole(
      format: command.options.logFormat,
      minimum: command.options.logLevel,
      showsAttempts: false,
      now: Wiring.now
    )
    isolation = configuration.isolation
    file = configuration.file
  }

  /// What tasks may reach: as the configuration says, else little on a server that several people use, and everything on
  /// one's own.
  ///
  /// - Throws: ``CommandFailure`` `usage` for a setting that is not what it must be.
  func isolation(isShared: Bool) throws -> TaskIsolation {
    if isolation.isEmpty, !isShared { return .open }
    do {
      return try TaskIsolation(settings: isolation)
    } catch {
      throw CommandFailure(
        .usage,
        "`isolation` in the configuration `\(file)`: \(error.message)",
        hint: error.hint
      )
    }
  }

  private static func server(
    _ command: ServerCommand,
    _ settings: Parameters
  ) throws -> ServerSettings {
    var server = ServerSettings()
    server.bind = try command.bind ?? settings.text("bind") ?? "127.0.0.1"
    server.port = try command.port ?? settings.int("port").map { Int($0) } ?? 8080
    guard (0...65_535).contains(server.port) else {
      throw CommandFailure(.usage, "--port must be 0 to 65535, found \(server.port)")
    }
    let tls = try settings.nested("tls")
    server.certificateFile = try command.tlsCertificate ?? tls?.text("certificate")
    server.keyFile = try command.tlsKey ?? tls?.text("key")
    guard (server.certificateFile == nil) == (server.keyFile == nil) else {
      throw CommandFailure(.usage, "TLS takes both a certificate and its key")
    }
    for file in [server.certificateFile, server.keyFile].compactMap(\.self)
    where access(file, R_OK) != 0 {
      throw CommandFailure(.usage, "`\(file)` cannot be read: \(String(cString: strerror(errno)))")
    }
    let names = try settings.list("hosts")?.map(\.text) ?? []
    server.allowedHosts = command.host + names
    return server
  }
}
