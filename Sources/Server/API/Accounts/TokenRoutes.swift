import Access
import HTTPTypes
import Values

/// One's own API tokens.
struct TokenRoutes {
  let rooms: Rooms

  var list: [Route] {
    [
      Route(.get, "/api/tokens", "one's tokens, without their texts", .signedIn) { exchange in
        let tokens = try rooms.accounts.tokens(exchange.principal.account)
        return .json(["tokens": .array(tokens.map { .object(Self.value($0)) })])
      }.gives(.json(Shapes.list("tokens", of: "Token"))),
      Route(
        .post,
        "/api/tokens",
        "makes a token; its text is in the answer, and never again",
        .signedIn,
        handler: create
      ).takes(
        .json(
          .members(
            [("name", .text(maximum: 100)), ("expiresAt?", Schema.time.orNull)],
            closed: true
          )
        )
      ).gives(.json(.named("Token")), errors: [409]).audited("token.create"),
      Route(.delete, "/api/tokens/{id}", "revokes a token", .signedIn) { exchange in
        try rooms.accounts.revokeToken(
          exchange.principal.account,
          exchange.id("id", "token")
        )
        return .nothing
      }.gives(.nothing, errors: [409]).audited("token.revoke"),
    ]
  }

  private func create(_ exchange: Exchange) throws -> Answer {
    let expiry = try exchange.fields.time("expiresAt").map(Double.init)
    if let expiry, expiry <= rooms.inputs.now() {
      throw ServerError(.badRequest, "`expiresAt` must be in the future")
    }
    let (token, text) = try rooms.createToken(exchange, expiresAt: expiry)
    var value = Self.value(token)
    value["token"] = .string(text.reveal())
    return .json(.object(value)).about("token \(token.id)")
  }

  private static func value(_ token: AccountControl.Token) -> ObjectValue {
    [
      "id": .id(token.id), "name": .string(token.name), "createdAt": .time(token.createdAt),
      "expiresAt": .time(token.expiresAt), "lastUsedAt": .time(token.lastUsedAt),
    ]
  }
}

extension Rooms {
  /// Makes a token of one's own, called `name` of the body; gives its text too.
  func createToken(
    _ exchange: Exchange,
    expiresAt: Double?
  ) throws -> (AccountControl.Token, Secret) {
    try accounts.createToken(
      exchange.principal.account,
      exchange.fields.requiredText("name", maximum: 100),
      expiresAt
    )
  }
}
