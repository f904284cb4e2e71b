public import Values
public import WorkflowLanguage

/// Where the requests of tasks may go, as far as this process makes them: HTTP, storage, mail, databases.
///
/// A connection is judged by the address it is really made to, so that names, redirects and spellings do not matter. Processes
/// that tasks start are not held by it.
public struct NetworkPolicy: Sendable, Hashable {
  /// Everything, as for runs on one's own machine.
  public static let open = NetworkPolicy(allowsPrivateAddresses: true, hosts: nil)
  /// The internet without this machine, its networks and the cloud it runs in.
  public static let publicOnly = NetworkPolicy(allowsPrivateAddresses: false, hosts: nil)

  /// True when addresses that are not global may be reached without a rule for them.
  public let allowsPrivateAddresses: Bool
  /// The only hosts there are for tasks; nil for all.
  public let hosts: [HostRule]?

  public init(allowsPrivateAddresses: Bool, hosts: [HostRule]?) {
    self.allowsPrivateAddresses = allowsPrivateAddresses
    self.hosts = hosts
  }

  /// True when there is nothing to check.
  public var isOpen: Bool { allowsPrivateAddresses && hosts == nil }

  /// Judges a host before it is looked up.
  ///
  /// - Parameters:
  ///   - host: a name, or an address as `127.0.0.1` or `[::1]`.
  ///   - port: where it is connected to.
  /// - Throws: ``TaskFailure`` `config` that says what was refused and which setting allows it.
  public func check(host: String, port: Int) throws(TaskFailure) {
    if let address = IPAddress(Self.withoutBrackets(host)) {
      return try check(address, port: port, host: host)
    }
    guard let hosts, !hosts.contains(where: { $0.allows(name: host, port: port) }) else { return }
    // A rule for addresses may allow what the name stands for.
    let mayBeAllowed = hosts.contains {
      if case .addresses = $0.place { $0.allows(port: port) } else { false }
    }
    guard mayBeAllowed else { throw Self.unlisted("`\(host):\(port)`") }
  }

  /// Judges the address that a connection is made to.
  ///
  /// - Parameters:
  ///   - address: what is connected to.
  ///   - port: likewise.
  ///   - host: the name that led there.
  /// - Throws: ``TaskFailure`` `config`.
  public func check(_ address: IPAddress, port: Int, host: String) throws(TaskFailure) {
    if let hosts {
      if hosts.contains(where: { $0.allows(address, port: port) }) { return }
      let isListed = hosts.contains { $0.allows(name: Self.withoutBrackets(host), port: port) }
      guard isListed else { throw Self.unlisted(Self.shown(address, port, host)) }
    }
    let kind = address.kind
    guard kind != .global, !allowsPrivateAddresses else { return }
    throw TaskFailure(
      .config,
      "tasks of this server may not reach \(Self.shown(address, port, host)): its address is \(kind.rawValue), not a public one; "
        + "an administrator can allow it by `\(address.plain)` in `isolation.network.hosts`, or all such addresses by "
        + "`isolation.network.private_addresses: true`"
    )
  }

  /// Refuses everything that is no address of the internet.
  public static func refusal(ofSocket path: String) -> TaskFailure {
    TaskFailure(
      .config,
      "tasks of this server may not reach `\(path)`: sockets of the server's own machine are closed to them; use a host name"
    )
  }

  private static func unlisted(_ shown: String) -> TaskFailure {
    TaskFailure(
      .config,
      "tasks of this server may not reach \(shown): it is not among the hosts of `isolation.network.hosts`, "
        + "where an administrator can add it"
    )
  }

  private static func shown(_ address: IPAddress, _ port: Int, _ host: String) -> String {
    let isSame = withoutBrackets(host) == address.description
    return isSame ? "`\(host):\(port)`" : "`\(host):\(port)` (\(address))"
  }

  private static func withoutBrackets(_ host: String) -> String {
    let inside = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host[...]
    // A zone, as in fe80::1%eth0, does not change what an address is.
    return String(inside.prefix { $0 != "%" })
  }
}

extension NetworkPolicy {
  /// Reads `{private_addresses: false, hosts: […]}`; what is missing is as in ``publicOnly``.
  ///
  /// - Throws: `WorkflowError` `parameter`.
  public init(settings: ObjectValue) throws(WorkflowError) {
    let options = Parameters(settings, local: settings.keys, task: "isolation.network")
    let allowsPrivate = try options.bool("private_addresses")
    let written = try options.textList("hosts")
    try TaskIsolation.refuseUnknown(options)
    var rules: [HostRule]?
    if let written {
      rules = []
      for text in written { rules?.append(try HostRule(text)) }
    }
    self.init(allowsPrivateAddresses: allowsPrivate, hosts: rules)
  }
}
