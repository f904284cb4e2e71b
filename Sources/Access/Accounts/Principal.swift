/// Who makes a request, and what they may do.
public struct Principal: Sendable, Hashable {
  /// nil for the owner of a server without accounts, who may do everything.
  public let account: Int64?
  public let name: String
  public let email: String
  /// The number of the API token that was shown; nil for a password or a browser session.
  public let token: Int64?
  private let onServer: Role?
  private let inProjects: [Int64: Role]

  /// With the role in every project and for what belongs to no project, and roles by project number.
  public init(
    account: Int64?,
    name: String,
    email: String,
    token: Int64? = nil,
    onServer: Role?,
    inProjects: [Int64: Role] = [:]
  ) {
    self.account = account
    self.name = name
    self.email = email
    self.token = token
    self.onServer = onServer
    self.inProjects = inProjects
  }

  /// The one person of a server without accounts.
  public static func owner(name: String, email: String) -> Principal {
    Principal(account: nil, name: name, email: email, onServer: .admin)
  }

  /// The role in a project, nil for none; without a project that for the whole server.
  public func role(in project: Int64?) -> Role? {
    let own = project.flatMap { inProjects[$0] }
    guard let own, let onServer else { return own ?? onServer }
    return max(own, onServer)
  }
}

extension Principal {
  /// The same person with no more than a token allows: at most a role, and only in one project.
  func limited(to role: Role?, in project: Int64?, token: Int64) -> Principal {
    func lowered(_ own: Role) -> Role { role.map { min($0, own) } ?? own }
    let inside = project.map { number in
      self.role(in: number).map { [number: lowered($0)] } ?? [:]
    }
    return Principal(
      account: account,
      name: name,
      email: email,
      token: token,
      onServer: project == nil ? onServer.map(lowered) : nil,
      inProjects: inside ?? inProjects.mapValues(lowered)
    )
  }
}
