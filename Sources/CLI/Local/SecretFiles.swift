import Foundation
import Values
import WorkflowLanguage

/// The secrets of a local run: those of `--secrets`, then one file per key in digdag's own folder.
struct SecretFiles: Sendable {
  private let given: [String: Secret]
  private let folder: String?

  /// - Parameters:
  ///   - file: a YAML or JSON map; keys may be dotted or nested.
  ///   - environment: `DIGDAG_CONFIG_HOME`, `XDG_CONFIG_HOME` and `HOME` name the folder.
  /// - Throws: ``CommandFailure`` `usage` when the file cannot be read.
  init(file: String?, environment: [String: String]) throws {
    given = try file.map(Self.read) ?? [:]
    let config =
      environment["DIGDAG_CONFIG_HOME"]
      ?? (environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" }).map {
        $0 + "/digdag"
      }
    folder = config.map { $0 + "/secrets" }
  }

  subscript(key: String) -> Secret? {
    if let secret = given[key] { return secret }
    guard let folder, !key.contains("/"), !key.hasPrefix("."),
      let bytes = FileManager.default.contents(atPath: folder + "/" + key)
    else { return nil }
    return Secret(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines))
  }

  private static func read(_ file: String) throws -> [String: Secret] {
    guard case .object(let map) = try ParameterFile.load(file) else {
      throw CommandFailure(.usage, "`\(file)` must hold a map of secrets")
    }
    var secrets: [String: Secret] = [:]
    flatten(map, under: "", into: &secrets)
    return secrets
  }

  private static func flatten(
    _ map: ObjectValue,
    under prefix: String,
    into secrets: inout [String: Secret]
  ) {
    for (key, value) in map {
      if case .object(let inner) = value {
        flatten(inner, under: prefix + key + ".", into: &secrets)
      } else {
        secrets[prefix + key] = Secret(value.isNull ? "" : value.text)
      }
    }
  }
}
