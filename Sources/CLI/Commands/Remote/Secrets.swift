import ArgumentParser
import Foundation
import Values

/// `tadoru secrets`: the secrets of a project on a server.
struct Secrets: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists, sets and deletes the secrets of a project on a server.",
    discussion: """
      tadoru secrets --project shop                        their names
      tadoru secrets --project shop --set mail.password    asks for the value
      tadoru secrets --project shop --set td.apikey=@key.txt --set pg.password=-
      tadoru secrets --project shop --set @secrets.json    all members of a JSON map
      tadoru secrets --project shop --delete td.apikey

      Values are encrypted where they are kept, and nobody can read them back. `key=value` on the command line is \
      seen by other users of this machine: prefer a file or the standard input (`-`).
      """
  )

  @Option(help: ArgumentHelp("The name of the project.", valueName: "name"))
  var project: String

  @Option(help: ArgumentHelp("Set a secret.", valueName: "key|key=value|key=@file|key=-|@file"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Delete a secret.", valueName: "key"))
  var delete: [String] = []

  @OptionGroup var remote: RemoteOptions

  func run() async throws {
    let server = try remote.server()
    let path = "/api/projects/\(try await server.project(project))/secrets"
    for (key, value) in try set.flatMap(Self.pairs) {
      _ = try await server.call(
        "PUT",
        path + "/" + Self.segment(key),
        [],
        ["value": .string(value.reveal())]
      )
      StandardError.line("Secret '\(key)' set")
    }
    for key in delete {
      _ = try await server.call("DELETE", path + "/" + Self.segment(key))
      StandardError.line("Secret '\(key)' deleted")
    }
    guard set.isEmpty, delete.isEmpty else { return }
    let keys = try await server.list("secrets", path).map { $0.object ?? [:] }
    if remote.json { return RecordPrinter.json(keys) }
    for key in keys { StandardOutput.line(key["key"]?.text ?? "") }
  }

  private static func pairs(_ written: String) throws -> [(String, Secret)] {
    if written.hasPrefix("@") {
      guard case .object(let map) = try ParameterFile.load(String(written.dropFirst())) else {
        throw CommandFailure(.usage, "`\(written.dropFirst())` must hold a map of secrets")
      }
      return map.map { ($0, Secret($1.text)) }
    }
    guard let split = written.firstIndex(of: "=") else {
      return [(written, try HiddenInput.line(written))]
    }
    let key = String(written[..<split])
    let value = String(written[written.index(after: split)...])
    if value == "-" { return [(key, HiddenInput.all())] }
    guard value.hasPrefix("@") else { return [(key, Secret(value))] }
    let file = String(value.dropFirst())
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw CommandFailure(.usage, "`\(file)` cannot be read")
    }
    var text = String(decoding: bytes, as: UTF8.self)
    if text.hasSuffix("\n") { text.removeLast() }
    return [(key, Secret(text))]
  }

  /// A part of a path: what is not plain is percent-encoded.
  private static func segment(_ key: String) -> String {
    key.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["_", "-", "."])) ?? key
  }
}
