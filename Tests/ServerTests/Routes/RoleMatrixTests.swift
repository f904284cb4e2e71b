import Access
import HTTPTypes
import TestKit
import Testing
import Values

@testable import Server

/// Each route asked for by each kind of person, against what the table promises.
@Suite struct RoleMatrixTests {
  private static let people: [(token: String?, role: Role?)] = [
    (nil, nil), ("none", nil), ("viewer@1", .viewer), ("runner@1", .runner),
    ("editor@1", .editor), ("admin@1", .admin), ("admin@2", nil),
  ]

  @Test func `each route lets in whom it names and nobody else`() async throws {
    let server = try TestServer()
    try server.folder.write("archive", to: "archive.tar.gz")
    for route in server.routes {
      for (token, role) in Self.people {
        let before = server.played.events.count
        let reply = try await server.send(
          route.method,
          Self.path(of: route),
          as: token,
          json: Self.body(of: route),
          form: Self.form(of: route)
        )
        let name = "\(route.method) \(route.template.text) as \(token ?? "nobody")"
        switch Self.expected(route, token, role) {
        case let status?: #expect(reply.status == status, "\(name): \(reply.text)")
        case nil: #expect(![401, 403].contains(reply.status), "\(name): \(reply.text)")
        }
        #expect(reply.status != 500, "\(name): \(reply.text)")
        // Without valid credentials nobody is known who could be named.
        let isNamed = route.isChanging && (token != nil || route.requirement == .open)
        let events = server.played.events[before...]
        #expect(events.map(\.status) == (isNamed ? [reply.status] : []), "\(name)")
      }
    }
  }

  /// The status of a refusal; nil when the route lets them in.
  private static func expected(_ route: Route, _ token: String?, _ role: Role?) -> Int? {
    if route.requirement == .open {
      return ["/api/login"].contains(route.template.text) ? 401 : nil
    }
    guard token != nil else { return 401 }
    switch route.requirement {
    case .open, .signedIn: return nil
    case .server: return 403
    case .project(let wanted, let subject):
      if let role { return role >= wanted ? nil : 403 }
      if case .newProject = subject { return 404 }
      return 404
    }
  }

  private static func path(of route: Route) -> String {
    let id = if case .project(_, .workflow) = route.requirement { "1000000" } else { "1" }
    var path = route.template.text
    for (name, value) in [
      ("{id}", id), ("{user}", "7"), ("{name}", "daily"), ("{key}", "k"), ("{path}", "x"),
      ("{workflow}", "daily"), ("{revision}", "10"), ("{token}", "5"),
    ] { path = path.replacing(name, with: value) }
    let query = route.parameters.filter(\.isRequired).map { parameter in
      switch parameter.name {
      case "name": "name=" + (route.template.text == "/api/project" ? "shop" : "daily")
      case "project": "project=shop"
      case "session_time": "session_time=2024-01-01"
      case "from": "from=r1"
      default: "\(parameter.name)=1"
      }
    }
    return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
  }

  private static func form(of route: Route) -> String? {
    if case .form = route.body { "" } else { nil }
  }

  private static func body(of route: Route) -> String? {
    guard case .json = route.body else { return nil }
    switch route.template.text {
    case "/api/attempts": return #"{"workflowId": "1000000"}"#
    case "/api/login": return #"{"user": "admin", "password": "wrong"}"#
    default: return "{}"
    }
  }
}
