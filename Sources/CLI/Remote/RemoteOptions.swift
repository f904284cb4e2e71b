import ArgumentParser
import Foundation
import Operators
import Values

/// What every command takes that talks to a server.
struct RemoteOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The server (default: TADORU_ENDPOINT, `server.endpoint` of the configuration, else http://127.0.0.1:8080).",
      valueName: "url"
    )
  )
  var endpoint: String?

  @Flag(help: "Print JSON.")
  var json = false

  func server() throws -> RemoteServer {
    try RemoteCredentials().server(endpoint)
  }
}

/// What a command about sessions and attempts takes: it looks at a project folder unless a server is named.
struct PlaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The project folder; on a server the name of the project.", valueName: "dir")
  )
  var project: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Ask this server instead of the project folder.", valueName: "url")
  )
  var endpoint: String?

  @Flag(help: "Ask the server that TADORU_ENDPOINT or the configuration names.")
  var remote = false

  @Flag(help: "Print JSON.")
  var json = false

  /// nil for a project folder: no server is named, neither here nor by TADORU_ENDPOINT.
  func server() throws -> RemoteServer? {
    let credentials = try RemoteCredentials()
    guard endpoint != nil || remote || credentials.isNamedByEnvironment else { return nil }
    return try credentials.server(endpoint)
  }

  func opened() throws -> ProjectHistory {
    try ProjectHistory(LocalProject.found(project ?? "."))
  }
}

/// Where the server is, and who one is there.
///
/// The token comes from TADORU_TOKEN, else from `credentials.json` beside the configuration, which `tadoru login` writes.
struct RemoteCredentials {
  private static let usual = "http://127.0.0.1:8080"

  private let environment: [String: String]
  private let configured: String?
  let file: String

  init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
    self.environment = environment
    let configuration = try UserConfiguration(environment: environment)
    configured = configuration.endpoint
    file =
      (configuration.file as NSString).deletingLastPathComponent + "/credentials.json"
  }

  var isNamedByEnvironment: Bool { environment["TADORU_ENDPOINT"]?.isEmpty == false }

  func server(_ given: String?) throws -> RemoteServer {
    var endpoint =
      given ?? environment["TADORU_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? configured
      ?? Self.usual
    if !endpoint.contains("://") { endpoint = "http://" + endpoint }
    while endpoint.hasSuffix("/") { endpoint.removeLast() }
    let token = try environment["TADORU_TOKEN"] ?? kept()[endpoint]?.string
    return RemoteServer(endpoint: endpoint, token: token.map { Secret($0) })
  }

  /// Keeps a token, readable for its owner only; nil forgets it.
  func keep(_ token: Secret?, for endpoint: String) throws {
    var all = try kept()
    all[endpoint] = token.map { .string($0.reveal()) }
    let folder = (file as NSString).deletingLastPathComponent
    let unfinished = file + ".\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try FileManager.default.createDirectory(
        atPath: folder,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
      )
      let made = FileManager.default.createFile(
        atPath: unfinished,
        contents: Data((JSON.encode(.object(all), pretty: true) + "\n").utf8),
        attributes: [.posixPermissions: 0o600]
      )
      guard made, rename(unfinished, file) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw CommandFailure(.failed, "`\(file)` cannot be written: \(error.localizedDescription)")
    }
  }

  private func kept() throws -> ObjectValue {
    guard let bytes = FileManager.default.contents(atPath: file) else { return [:] }
    do {
      return try JSON.decode(String(decoding: bytes, as: UTF8.self)).object ?? [:]
    } catch {
      throw CommandFailure(
        .usage,
        "`\(file)` is no JSON: \(error)",
        hint: "remove it and `tadoru login` again"
      )
    }
  }
}
