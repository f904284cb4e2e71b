import Access
import Testing

@Suite struct RoleTests {
  @Test
  func `a role for the whole server holds in every project, a higher one of the project wins`() {
    let person = Principal(
      account: 1,
      name: "ada",
      email: "ada@example.com",
      onServer: .viewer,
      inProjects: [7: .editor]
    )
    #expect(person.role(in: 7) == .editor)
    #expect(person.role(in: 8) == .viewer)
    #expect(person.role(in: nil) == .viewer)
    #expect(Role.allCases.sorted() == [.viewer, .runner, .editor, .admin])
  }
}
