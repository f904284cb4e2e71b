import Access
import HTTPTypes
import Testing
import Values

@testable import Server

/// Every route, whatever it is about.
@Suite struct RouteWalkTests {
  @Test func `a route that does not only look is audited, and one that looks is not`() throws {
    for route in try TestServer().routes {
      let isLooking = route.method == .get
      #expect(route.isChanging == !isLooking, "\(route.method) \(route.template.text)")
    }
  }

  @Test func `a changing route takes more than being a viewer`() throws {
    let own: Set = [
      "/api/login", "/api/logout", "/api/setup", "/api/me/password", "/api/tokens",
      "/api/tokens/{id}", "/login", "/logout", "/account/tokens", "/account/tokens/{token}/revoke",
      "/account/password",
    ]
    for route in try TestServer().routes where route.isChanging {
      switch route.requirement {
      case .open, .signedIn: #expect(own.contains(route.template.text))
      case .server(let role), .project(let role, _): #expect(role > .viewer)
      }
    }
  }

  @Test func `what everybody may ask for is a short list`() throws {
    let open = try TestServer().routes.filter { $0.requirement == .open }.map(\.template.text)
    #expect(
      Set(open) == [
        "/health", "/version", "/api/version", "/api/version/check", "/api/login", "/api/setup",
        "/api/openapi.json", "/login", "/assets/{name}",
      ]
    )
  }

  @Test func `the document describes every route of the API with its parameters, body and answers`()
    async throws
  {
    let server = try TestServer()
    let reply = try await server.send(.get, "/api/openapi.json", as: nil)
    let document = try #require(try reply.json.object)
    #expect(document["openapi"] == "3.1.0")
    var names: Set<String> = []
    let routes = server.routes.filter { !$0.isPage }
    for route in routes {
      let path = ["paths", route.template.text, route.method.rawValue.lowercased()]
      let operation = try #require(document[path: path]?.object, "\(path)")
      let parameters = operation["parameters"]?.array?.compactMap { $0.object?["name"]?.string }
      #expect(
        parameters ?? [] == route.template.parameterNames + route.parameters.map(\.name),
        "\(path)"
      )
      #expect(operation["responses"]?.object?.isEmpty == false)
      names.insert(operation["operationId"]?.string ?? "")
      if case .none = route.body {
        #expect(operation["requestBody"] == nil)
      } else {
        #expect(operation["requestBody"] != nil)
      }
    }
    #expect(names.count == routes.count)
  }

  @Test func `the document leaves out what is for browsers, and nothing else`() async throws {
    let server = try TestServer()
    let paths = try #require(try await server.send(.get, "/api/openapi.json").json.object?["paths"])
    let described = Set(paths.object?.keys ?? [])
    let pages = Set(server.routes.filter(\.isPage).map(\.template.text))
    #expect(described.isDisjoint(with: pages))
    #expect(described.union(pages) == Set(server.routes.map(\.template.text)))
    #expect(pages.allSatisfy { !$0.hasPrefix("/api") })
  }

  @Test func `every schema that is referred to is there`() async throws {
    let reply = try await TestServer().send(.get, "/api/openapi.json", as: nil)
    let known = try #require(try reply.json.object?[path: ["components", "schemas"]]?.object)
    for reference in reply.text.matches(of: /#\/components\/schemas\/(\w+)/) {
      #expect(known[String(reference.1)] != nil, "\(reference.1)")
    }
  }
}
