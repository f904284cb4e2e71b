import Access
import HTTPTypes
import Values

/// Secrets of a project: they are set and removed, and nobody reads them here.
struct SecretRoutes {
  let rooms: Rooms

  private static let editor = Requirement.project(.editor, .project("id"))

  var list: [Route] {
    [
      Route(.get, "/api/projects/{id}/secrets", "the names of the secrets", Self.editor) {
        exchange in
        let keys = try rooms.secrets.keys(exchange.project ?? 0)
        return .json(["secrets": .array(keys.map { ["key": .string($0)] })])
      }.gives(.json(.members([("secrets", .list(.members([("key", .text)])))]))),
      Route(
        .put,
        "/api/projects/{id}/secrets/{key}",
        "sets a secret",
        Self.editor,
        handler: set
      ).takes(.json(.members([("value", .text(maximum: 65_536))], closed: true)))
        .audited("secret.set"),
      Route(
        .delete,
        "/api/projects/{id}/secrets/{key}",
        "removes a secret",
        Self.editor
      ) { exchange in
        try rooms.deleteSecret(exchange, name(exchange))
        return .nothing
      }.audited("secret.delete"),
    ]
  }

  private func set(_ exchange: Exchange) throws -> Answer {
    try rooms.setSecret(exchange, name(exchange))
    return .nothing
  }

  private func name(_ exchange: Exchange) throws -> String {
    try Self.checked(exchange.path["key"] ?? "")
  }

  /// The name of a secret, if it can be one.
  static func checked(_ key: String) throws -> String {
    guard key.utf8.count <= 255, key.utf8.allSatisfy({ (33...126).contains($0) }) else {
      throw ServerError(
        .badRequest,
        "the name of a secret must be of at most 255 visible ASCII characters"
      )
    }
    return key
  }
}

extension Rooms {
  /// To `value` of the body.
  func setSecret(_ exchange: Exchange, _ key: String) throws {
    guard let value = try exchange.fields.secret("value", maximum: 65_536) else {
      throw exchange.fields.missing("value")
    }
    try secrets.set(exchange.project ?? 0, key, value)
  }

  func deleteSecret(_ exchange: Exchange, _ key: String) throws {
    guard try secrets.delete(exchange.project ?? 0, key) else {
      throw Missing.object("secret", key)
    }
  }
}
