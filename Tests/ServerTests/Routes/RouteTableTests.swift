import HTTPTypes
import Testing

@testable import Server

@Suite struct RouteTableTests {
  private static let table = RouteTable(
    [
      "/a", "/a/{id}", "/a/special", "/a/{id}/b", "/a/{id}/files/{path*}", "/a/special/c",
    ].map { template in Route(.get, template, "", .open) { _ in .nothing } }
  )

  @Test(
    arguments: [
      ("a", "/a", [:]), ("a/1", "/a/{id}", ["id": "1"]), ("a/special", "/a/special", [:]),
      ("a/special/b", "/a/{id}/b", ["id": "special"]), ("a/special/c", "/a/special/c", [:]),
      ("a/1/files/x", "/a/{id}/files/{path}", ["id": "1", "path": "x"]),
      ("a/1/files/x/y/z", "/a/{id}/files/{path}", ["id": "1", "path": "x/y/z"]),
      ("", nil, [:]), ("b", nil, [:]), ("a/1/files", nil, [:]), ("a/1/c", nil, [:]),
    ] as [(String, String?, [String: String])]
  )
  func `a path leads to the route that says most about it`(
    path: String,
    template: String?,
    values: [String: String]
  ) {
    switch Self.table.match(.get, path.split(separator: "/").map(String.init)) {
    case .route(let route, let found):
      #expect(route.template.text == template && found == values)
    case .methods, .none: #expect(template == nil)
    }
  }
}
