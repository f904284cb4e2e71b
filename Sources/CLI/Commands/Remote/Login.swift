import ArgumentParser
import Foundation
import Values

/// `tadoru login`: keeps a token of a server for this user.
struct Login: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says who you are to a server, for the commands that follow.",
    discussion: """
      Asks for the password, makes an API token with it and keeps that in credentials.json beside the configuration, \
      readable for you only. `--token` keeps a token you have. The first account of a server is made with --first; \
      the server prints the code for it at its start.
      """
  )

  @Option(help: ArgumentHelp("The name of your account.", valueName: "name"))
  var user: String?

  @Flag(help: "Ask for a token instead of a password.")
  var token = false

  @Flag(help: "Make the first account, which administers the server.")
  var first = false

  @Option(help: ArgumentHelp("The e-mail address of the first account.", valueName: "address"))
  var email: String?

  @Option(
    help: ArgumentHelp("How many days the token is good for (default: 90).", valueName: "n")
  )
  var days = 90

  @Flag(help: "Forget the token, and revoke it.")
  var logout = false

  @OptionGroup var remote: RemoteOptions

  func validate() throws {
    guard (1...3650).contains(days) else {
      throw ValidationError("--days must be 1 to 3650, found \(days)")
    }
    if first, user == nil || email == nil {
      throw ValidationError("--first takes --user and --email")
    }
  }

  func run() async throws {
    let credentials = try RemoteCredentials()
    let server = try credentials.server(remote.endpoint)
    if logout {
      try credentials.keep(nil, for: server.endpoint)
      return StandardOutput.line("the token for \(server.endpoint) is forgotten")
    }
    let secret: Secret
    if token {
      secret = try HiddenInput.line("Token")
    } else {
      secret = try await newToken(server)
    }
    let me = try await RemoteServer(endpoint: server.endpoint, token: secret).get("/api/me")
    try credentials.keep(secret, for: server.endpoint)
    if remote.json {
      return RecordPrinter.json(["endpoint": .string(server.endpoint), "name": me["name"] ?? .null])
    }
    StandardOutput.line(
      "\(me["name"]?.text ?? "") at \(server.endpoint); the token is kept in \(credentials.file)"
    )
  }

  private func newToken(_ server: RemoteServer) async throws -> Secret {
    let name = user ?? NSUserName()
    let password = try HiddenInput.line("Password of \(name)")
    if first {
      var account: ObjectValue = [
        "name": .string(name), "email": .string(email ?? ""),
        "password": .string(password.reveal()),
      ]
      if let code = ProcessInfo.processInfo.environment["TADORU_SETUP_CODE"] {
        account["code"] = .string(code)
      }
      _ = try await server.call("POST", "/api/setup", [], account)
    }
    let expiry = Date(timeIntervalSince1970: Wiring.now() + Double(days) * 86_400)
    let made = try await server.call(
      "POST",
      "/api/tokens",
      as: (name, password),
      body: [
        "name": .string("tadoru login on \(ProcessInfo.processInfo.hostName)"),
        "expiresAt": .string(expiry.formatted(.iso8601)),
      ]
    )
    guard let text = made["token"]?.string else {
      throw CommandFailure(.failed, "the server at \(server.endpoint) gave no token")
    }
    return Secret(text)
  }
}
