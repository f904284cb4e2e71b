import Foundation
import HTTPTypes
import Values

/// The description of all routes, as OpenAPI 3.1.
struct OpenAPIDocument {
  let table: [Route]
  let version: String

  var value: Value {
    [
      "openapi": "3.1.0",
      "info": [
        "title": "Tadoru", "version": .string(version),
        "description": "Workflows, their sessions and attempts, and who may do what.",
      ],
      "paths": .object(paths),
      "components": [
        "schemas": .object(ObjectValue(Shapes.named.map { ($0.0, .object($0.1.value)) })),
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer"],
          "password": ["type": "http", "scheme": "basic"],
          "session": ["type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name)],
        ],
      ],
    ]
  }

  private var paths: ObjectValue {
    var paths: ObjectValue = [:]
    for route in table {
      let key = [route.template.text, route.method.rawValue.lowercased()]
      paths.set(.object(operation(of: route)), at: key)
    }
    return paths
  }

  private func operation(of route: Route) -> ObjectValue {
    var operation: ObjectValue = [
      "operationId": .string(Self.name(of: route)),
      "summary": .string(route.summary),
      "description": .string("For \(route.requirement.words)."),
      "tags": [.string(Self.tag(of: route))],
    ]
    let parameters = route.template.parameterNames.map(inPath) + route.parameters.map(inQuery)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    operation["requestBody"] = body(of: route)
    operation["responses"] = .object(answers(of: route))
    operation["security"] =
      route.requirement == .open
      ? [] : [["token": []], ["password": []], ["session": []]]
    return operation
  }

  private func inPath(_ name: String) -> Value {
    [
      "name": .string(name), "in": "path", "required": true,
      "schema": .object(Schema.text(minimum: 1, maximum: 1000).value),
    ]
  }

  private func inQuery(_ parameter: Parameter) -> Value {
    var schema = parameter.schema.value
    schema["default"] = parameter.usual.map { text in
      if case .integer = parameter.kind, let number = Int64(text) { return .int(number) }
      return .string(text)
    }
    return [
      "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
      "description": .string(parameter.summary), "schema": .object(schema),
    ]
  }

  private func body(of route: Route) -> Value? {
    switch route.body {
    case .none, .form: nil
    case .json(let schema):
      [
        "required": .bool(schema.value["required"] != nil),
        "content": ["application/json": ["schema": .object(schema.value)]],
      ]
    case .archive:
      [
        "required": true,
        "content": [
          "application/gzip": [
            "schema": ["type": "string", "contentMediaType": "application/gzip"]
          ]
        ],
      ]
    }
  }

  private func answers(of route: Route) -> ObjectValue {
    var answers: ObjectValue = [:]
    switch route.answers {
    case .nothing: answers["204"] = ["description": "done"]
    case .json(let schema):
      answers["200"] = [
        "description": "done", "content": ["application/json": ["schema": .object(schema.value)]],
      ]
    case .content(let type):
      answers["200"] = [
        "description": "done",
        "content": .object(ObjectValue([(type, .object(["schema": .object([:])]))])),
      ]
    }
    let usual = route.requirement == .open ? [400, 403, 404, 500] : [400, 401, 403, 404, 500]
    let ofBody: [Int] =
      switch route.body {
      case .none, .form: []
      case .json, .archive: [408, 413, 415]
      }
    for status in Set(usual + ofBody + route.errors).sorted() {
      let schema = status == 409 ? route.conflict ?? .named("Error") : .named("Error")
      answers[String(status)] = [
        "description": .string(HTTPResponse.Status(code: status).reasonPhrase),
        "content": ["application/json": ["schema": .object(schema.value)]],
      ]
    }
    return answers
  }

  /// `getApiAttemptsId` of `GET /api/attempts/{id}`.
  private static func name(of route: Route) -> String {
    let words = route.template.text.split { !$0.isLetter && !$0.isNumber }
    return route.method.rawValue.lowercased() + words.map(\.capitalized).joined()
  }

  private static func tag(of route: Route) -> String {
    let words = route.template.segments.compactMap { segment in
      if case .word(let word) = segment, word != "api" { word } else { nil }
    }
    return words.first ?? "service"
  }
}
