import Access
import ArgumentParser
import Foundation
import Server
import Values

/// `tadoru server`: projects, schedules and attempts of a team, over HTTP.
struct ServerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "server",
    abstract: "Runs the server: API, console, schedules and attempts in one process.",
    discussion: """
      All state is in the data folder, which one server uses at a time. SIGTERM or Ctrl-C ends it: nothing more is \
      started, running tasks get --grace to end, and attempts that are not over go on with the next start.

      On loopback the server works without accounts for one person. Any other address takes accounts first: \
      `tadoru server --data DIR --first-admin NAME --email ADDRESS` asks for a password, makes the first account and ends.

      Settings may stand in the file of --config, under `server:`; docs/operations.md lists them.
      """
  )

  @Option(
    help: ArgumentHelp(
      "The data folder (default: TADORU_DATA, `server.data`, else .tadoru-server).",
      valueName: "dir"
    )
  )
  var data: String?

  @Option(
    help: ArgumentHelp("The address to listen at (default: 127.0.0.1).", valueName: "address")
  )
  var bind: String?

  @Option(
    help: ArgumentHelp("The port; 0 takes one that is free (default: 8080).", valueName: "n")
  )
  var port: Int?

  @Option(help: ArgumentHelp("A file of settings (default: that of the user).", valueName: "file"))
  var config: String?

  @Option(help: ArgumentHelp("The certificate chain for TLS, PEM.", valueName: "file"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("Its private key, PEM.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "A name by which clients reach the server, besides loopback names and --bind; may be repeated.",
      valueName: "name"
    )
  )
  var host: [String] = []

  @Option(
    help: ArgumentHelp(
      "Attempts that run at the same time; more wait (default: 100).",
      valueName: "n"
    )
  )
  var maxAttempts: Int?

  @Option(
    help: ArgumentHelp(
      "How long running tasks may take to end when the server ends (default: 30s).",
      valueName: "duration"
    )
  )
  var grace: String?

  @Option(help: ArgumentHelp("Make the first account of this name, and end.", valueName: "name"))
  var firstAdmin: String?

  @Option(help: ArgumentHelp("The e-mail address of the first account.", valueName: "address"))
  var email: String?

  @OptionGroup var options: RunOptions

  func validate() throws {
    if options.secrets != nil {
      throw ValidationError(
        "a server keeps the secrets of each project itself: `tadoru secrets --project NAME --set KEY`"
      )
    }
    if (firstAdmin == nil) != (email == nil) {
      throw ValidationError("--first-admin and --email go together")
    }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    // Operators and limits are set by the same file.
    if let config { setenv("TADORU_CONFIG", config, 1) }
    let settings = try ServiceSettings(self, environment: ProcessInfo.processInfo.environment)
    let folder = try DataFolder(settings.data)
    if let firstAdmin, let email {
      return try makeFirstAccount(NewAccountName(name: firstAdmin, email: email), folder, settings)
    }
    try await Service(settings, folder: folder).run()
  }

  private struct NewAccountName {
    let name: String
    let email: String
  }

  private func makeFirstAccount(
    _ wanted: NewAccountName,
    _ folder: DataFolder,
    _ settings: ServiceSettings
  ) throws {
    let rooms = try AccessRooms(
      database: folder.database(),
      key: settings.secretKey,
      owner: settings.owner
    )
    let password = try HiddenInput.line("Password of \(wanted.name)")
    do {
      let account = try rooms.store.bootstrapOnDataFolder(
        NewAccount(name: wanted.name, email: wanted.email, password: password)
      )
      StandardOutput.line("`\(account.name)` administers the server; `tadoru login` signs in")
    } catch let error as AccessError {
      throw CommandFailure(.failed, error.message, hint: error.hint)
    }
  }
}
