import ArgumentParser
import Foundation
import Values

/// `tadoru users`: the accounts of a server.
struct Users: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the accounts of a server, makes, changes and deletes them.",
    discussion: """
      tadoru users                                             all accounts
      tadoru users --add bo --email bo@example.com             asks for the password
      tadoru users --change bo --role editor                   a role in every project
      tadoru users --change bo --role editor --project shop    in one project
      tadoru users --change bo --disable
      tadoru users --delete bo

      Roles: viewer looks, runner also starts and ends attempts, editor also pushes, schedules and sets secrets, admin \
      also gives roles. `--role none` takes one away.
      """
  )

  @Option(help: ArgumentHelp("Make an account.", valueName: "name"))
  var add: String?

  @Option(help: ArgumentHelp("Change an account.", valueName: "name"))
  var change: String?

  @Option(help: ArgumentHelp("Delete an account, with its tokens.", valueName: "name"))
  var delete: String?

  @Option(help: ArgumentHelp("Its e-mail address.", valueName: "address"))
  var email: String?

  @Option(help: ArgumentHelp("viewer, runner, editor, admin or none.", valueName: "role"))
  var role: String?

  @Option(help: ArgumentHelp("The project that --role is for.", valueName: "name"))
  var project: String?

  @Flag(help: "Ask for a new password.")
  var password = false

  @Flag(help: "Let nobody in with the account.")
  var disable = false

  @Flag(help: "Let the account in again.")
  var enable = false

  @OptionGroup var remote: RemoteOptions

  func validate() throws {
    guard [add, change, delete].count(where: { $0 != nil }) <= 1, !(disable && enable) else {
      throw ValidationError("only one of --add, --change and --delete, --disable and --enable")
    }
    if add != nil, email == nil { throw ValidationError("--add takes --email") }
  }

  func run() async throws {
    let server = try remote.server()
    let users = try await server.list("users", "/api/users").map { $0.object ?? [:] }
    if let add { return try await show(server.call("POST", "/api/users", [], new(add))) }
    if let name = change ?? delete {
      guard let id = users.first(where: { $0["name"]?.string == name })?["id"]?.string else {
        throw CommandFailure(.failed, "there is no account `\(name)`")
      }
      if delete != nil {
        _ = try await server.call("DELETE", "/api/users/\(id)")
        return StandardOutput.line("Account '\(name)' deleted")
      }
      return try await change(id, server)
    }
    let records = users.map(Self.record)
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["id", "name", "email", "role", "created_at", "disabled"])
  }

  private func new(_ name: String) throws -> ObjectValue {
    var body: ObjectValue = [
      "name": .string(name), "email": .string(email ?? ""),
      "password": .string(try HiddenInput.line("Password of \(name)").reveal()),
    ]
    if let role, project == nil { body["role"] = role == "none" ? .null : .string(role) }
    return body
  }

  private func change(_ id: String, _ server: RemoteServer) async throws {
    if let project, let role {
      let path = "/api/projects/\(try await server.project(project))/roles/\(id)"
      _ =
        role == "none"
        ? try await server.call("DELETE", path)
        : try await server.call("PUT", path, [], ["role": .string(role)])
      return StandardOutput.line("in `\(project)`: \(role)")
    }
    var body = ObjectValue()
    if let email { body["email"] = .string(email) }
    if let role { body["role"] = role == "none" ? .null : .string(role) }
    if password { body["password"] = .string(try HiddenInput.line("New password").reveal()) }
    if disable || enable { body["disabled"] = .bool(disable) }
    try await show(server.call("PATCH", "/api/users/\(id)", [], body))
  }

  private func show(_ answer: ObjectValue) {
    let record = Self.record(answer)
    if remote.json { RecordPrinter.json(record) } else { RecordPrinter.lines(record) }
  }

  private static func record(_ given: ObjectValue) -> ObjectValue {
    [
      "id": RemoteRecords.number(given["id"]), "name": given["name"] ?? .null,
      "email": given["email"] ?? .null, "role": given["role"] ?? .null,
      "created_at": given["createdAt"] ?? .null, "disabled": given["disabled"] ?? .null,
    ]
  }
}
