public import Access

/// Who may ask for a route.
public enum Requirement: Sendable, Hashable {
  /// Everybody.
  case open
  /// Everybody who is known; what they see is limited to their projects.
  case signedIn
  /// A role for the whole server.
  case server(Role)
  /// A role in the project that an object belongs to.
  case project(Role, Subject)

  /// What of a request says which project it is about.
  public enum Subject: Sendable, Hashable {
    /// Numbers in the path.
    case project(String)
    case attempt(String)
    case session(String)
    case workflow(String)
    case schedule(String)
    /// The name of a project, which may be new, in the query. A new one takes the role on the server.
    case newProject(String)
    /// The name of a project in the query.
    case projectNamed(String)
    /// The number of a workflow in the body.
    case workflowInBody(String)
  }

  /// In words for the documentation.
  var words: String {
    switch self {
    case .open: "everybody"
    case .signedIn: "everybody who is signed in"
    case .server(let role): "`\(role.rawValue)` of the server"
    case .project(let role, _): "`\(role.rawValue)` of the project"
    }
  }
}
