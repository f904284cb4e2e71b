import Values
import WorkflowEngine
import WorkflowLanguage

extension MailServer {
  /// The server of a task: the user's own when a host is named by secret or option, else the installation's; nil for neither.
  ///
  /// A secret `mail.x` wins over the option `x`. The two kinds of settings are never mixed, so that a user's host
  /// cannot be given the password of the installation.
  static func of(
    _ context: TaskContext,
    options: Parameters,
    settings: MailSettings
  ) throws -> MailServer? {
    let secrets = context.secrets
    if options.contains("password") {
      context.output.warn(
        "the option `password` of mail> is not used; keep it as the secret `mail.password`"
      )
    }
    guard let host = try secrets["mail.host"]?.reveal() ?? options.text("host"), !host.isEmpty
    else {
      return settings.server
    }
    guard !HeaderText.hasControlCharacter(host), !host.contains(where: { "/@?# ".contains($0) })
    else {
      throw TaskFailure(.config, "`host` must be a host name or an address, found `\(host)`")
    }
    let secretly = { (key: String) in
      secrets["mail.\(key)"].map { Parameters([key: .string($0.reveal())]) }
    }
    let isImplicit = try (secretly("ssl") ?? options).bool("ssl")
    let isStartTLS = try (secretly("tls") ?? options).bool("tls", default: true)
    let encryption: Encryption = isImplicit ? .implicit : isStartTLS ? .startTLS : .none
    let port = try (secretly("port") ?? options).int("port").map(Int.init) ?? encryption.usualPort
    guard (1...65535).contains(port) else {
      throw TaskFailure(.config, "`port` must be between 1 and 65535, found \(port)")
    }
    var server = MailServer(
      host: host,
      port: port,
      encryption: encryption,
      username: try secrets["mail.username"]?.reveal() ?? options.text("username"),
      password: secrets["mail.password"],
      authorityFile: try options.text("ca_file").map { try WorkflowFile($0, context).path }
        ?? settings.authorityFile
    )
    server.network = context.isolation.network
    return server
  }
}
