import ArgumentParser
import Foundation
import Values

/// `tadoru tokens`: one's own API tokens.
struct Tokens: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists your API tokens on a server, makes and revokes them.",
    discussion: "The text of a new token is printed once, and nobody can read it again."
  )

  @Option(help: ArgumentHelp("Make a token of this name.", valueName: "name"))
  var create: String?

  @Option(help: ArgumentHelp("How many days it is good for (default: for ever).", valueName: "n"))
  var days: Int?

  @Option(help: ArgumentHelp("Revoke the token of this number.", valueName: "number"))
  var revoke: Int64?

  @OptionGroup var remote: RemoteOptions

  func validate() throws {
    if let days, !(1...36_500).contains(days) {
      throw ValidationError("--days must be 1 to 36,500, found \(days)")
    }
  }

  func run() async throws {
    let server = try remote.server()
    if let revoke {
      _ = try await server.call("DELETE", "/api/tokens/\(revoke)")
      return StandardOutput.line("Token \(revoke) revoked")
    }
    if let create {
      var body: ObjectValue = ["name": .string(create)]
      if let days {
        let expiry = Date(timeIntervalSince1970: Wiring.now() + Double(days) * 86_400)
        body["expiresAt"] = .string(expiry.formatted(.iso8601))
      }
      let made = try await server.call("POST", "/api/tokens", [], body)
      if remote.json { return RecordPrinter.json(made) }
      return StandardOutput.line(made["token"]?.string ?? "")
    }
    let records = try await server.list("tokens", "/api/tokens").map { value -> ObjectValue in
      let given = value.object ?? [:]
      return [
        "id": RemoteRecords.number(given["id"]), "name": given["name"] ?? .null,
        "created_at": given["createdAt"] ?? .null, "expires_at": given["expiresAt"] ?? .null,
        "last_used_at": given["lastUsedAt"] ?? .null,
      ]
    }
    if remote.json { return RecordPrinter.json(records) }
    RecordPrinter.table(records, ["id", "name", "created_at", "expires_at", "last_used_at"])
  }
}
