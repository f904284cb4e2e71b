import Access
import Values

/// Who may see a page or send a form; the route table has the same words.
enum ConsoleAccess: Sendable, Hashable {
  case open
  case signedIn
  /// A role in the project that the object in the path belongs to; without any role there it is not found.
  case project(Role, of: Subject)
  case server(Role)

  /// What the number `{id}` in the path is of.
  enum Subject: String, Sendable {
    case project
    case session
    case attempt
    case schedule
  }

  /// The same in the words of the route table.
  var requirement: Requirement {
    switch self {
    case .open: .open
    case .signedIn: .signedIn
    case .server(let role): .server(role)
    case .project(let role, .project): .project(role, .project("id"))
    case .project(let role, .session): .project(role, .session("id"))
    case .project(let role, .attempt): .project(role, .attempt("id"))
    case .project(let role, .schedule): .project(role, .schedule("id"))
    }
  }
}

/// A request for a page, let in.
struct ConsoleRequest: Sendable {
  /// The parameters of the path, decoded.
  let path: [String: String]
  let query: [String: String]
  let frame: PageFrame

  /// The number `{id}`; 0, which nothing has, when it is none.
  var id: Int64 { path["id"].flatMap(ObjectNumber.parse) ?? 0 }
  /// `last_id`, for the pages of lists.
  var olderThan: Int64? { query["last_id"].flatMap(ObjectNumber.parse) }
}

/// A page of the console: where it is, who may see it, and how it is made.
struct ConsolePage: Sendable {
  /// The path, with parameters as in the route table.
  let path: String
  let access: ConsoleAccess
  let summary: String
  /// Gives the page; errors are `ServerError`s or those of the rooms below.
  let load: @Sendable (ConsoleRequest) async throws -> any PageModel

  private init(
    _ path: String,
    _ access: ConsoleAccess,
    _ summary: String,
    load: @escaping @Sendable (ConsoleRequest) async throws -> any PageModel
  ) {
    self.path = path
    self.access = access
    self.summary = summary
    self.load = load
  }
}

/// What makes the models of the pages; filled from the rooms by whoever builds the route table.
struct ConsoleLoaders: Sendable {
  typealias Load<Page: PageModel> = @Sendable (ConsoleRequest) async throws -> Page

  var projects: Load<ProjectsPage>
  var project: Load<ProjectPage>
  var revision: Load<RevisionPage>
  var file: Load<FilePage>
  var diff: Load<DiffPage>
  var workflow: Load<WorkflowPage>
  var secrets: Load<SecretsPage>
  var sessions: Load<SessionsPage>
  var attempts: Load<AttemptsPage>
  var attempt: Load<AttemptPage>
  var notebook: Load<NotebookPage>
  var schedules: Load<SchedulesPage>
  var account: Load<AccountPage>
  var users: Load<UsersPage>
  var audit: Load<AuditPage>
}

extension ConsolePage {
  static func all(_ loaders: ConsoleLoaders) -> [ConsolePage] {
    projectPages(loaders) + runPages(loaders) + accountPages(loaders)
  }

  private static func projectPages(_ loaders: ConsoleLoaders) -> [ConsolePage] {
    let viewer = ConsoleAccess.project(.viewer, of: .project)
    let project = "/projects/{id}"
    return [
      ConsolePage("/", .signedIn, "the projects", load: loaders.projects),
      ConsolePage(project, viewer, "a project", load: loaders.project),
      ConsolePage(
        project + "/revisions/{revision}",
        viewer,
        "the files of a revision",
        load: loaders.revision
      ),
      ConsolePage(
        project + "/revisions/{revision}/files/{path*}",
        viewer,
        "a file of a revision",
        load: loaders.file
      ),
      ConsolePage(
        project + "/revisions/{revision}/diff",
        viewer,
        "what changed from the revision before",
        load: loaders.diff
      ),
      ConsolePage(
        project + "/workflows/{workflow}",
        viewer,
        "a workflow of the latest revision",
        load: loaders.workflow
      ),
      ConsolePage(
        project + "/secrets",
        .project(.editor, of: .project),
        "the names of its secrets",
        load: loaders.secrets
      ),
    ]
  }

  private static func runPages(_ loaders: ConsoleLoaders) -> [ConsolePage] {
    let viewer = ConsoleAccess.project(.viewer, of: .attempt)
    return [
      ConsolePage("/sessions", .signedIn, "the sessions", load: loaders.sessions),
      ConsolePage("/attempts", .signedIn, "the attempts", load: loaders.attempts),
      ConsolePage("/attempts/{id}", viewer, "an attempt", load: loaders.attempt),
      ConsolePage(
        "/attempts/{id}/notebooks/{path*}",
        viewer,
        "an executed notebook",
        load: loaders.notebook
      ),
      ConsolePage("/schedules", .signedIn, "the schedules", load: loaders.schedules),
    ]
  }

  private static func accountPages(_ loaders: ConsoleLoaders) -> [ConsolePage] {
    [
      ConsolePage("/login", .open, "for those who are not known yet") { request in
        LoginPage(next: request.query["next"])
      },
      ConsolePage("/account", .signedIn, "one's own account and tokens", load: loaders.account),
      ConsolePage("/users", .server(.admin), "the accounts", load: loaders.users),
      ConsolePage("/audit", .server(.admin), "who changed what", load: loaders.audit),
    ]
  }
}
