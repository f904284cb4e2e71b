import Foundation
import Operators
import Values
import WorkflowLanguage

/// What a person sets once for all projects: `~/.config/tadoru/config.yml`, or the file that `TADORU_CONFIG` names.
///
/// ```yaml
/// user: {name: ada, email: ada@example.com}
/// server: {endpoint: "https://tadoru.example.com"}
/// limits: {tasks: 10000, parallel: 8, task_timeout: 6h, attempt_timeout: 2d}
/// connections:
///   my_pg: {type: postgresql, host: db.example.com, database: shop, user: ada, password: "${secret:my_pg.password}"}
/// mail: {host: smtp.example.com, port: 587, tls: true, username: ada, password: "…", from: ada@example.com}
/// notify: {type: mail, to: [ada@example.com]}
/// ```
struct UserConfiguration {
  let userName: String
  let email: String
  /// What attempts may use, as written.
  let limits: ObjectValue
  /// Where the settings come from, for messages.
  let file: String
  /// Named connections for results.
  let connections: ObjectValue
  /// The server that commands talk to.
  let endpoint: String?
  /// How `tadoru server` is, and what tasks of a server may reach, as written.
  let server: ObjectValue
  let isolation: ObjectValue
  private let mail: Parameters?
  private let notify: Value

  /// - Throws: ``CommandFailure`` `usage` when the file cannot be read.
  init(environment: [String: String]) throws(CommandFailure) {
    let named = environment["TADORU_CONFIG"]
    let folder =
      environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { $0 + "/.config" } ?? "/etc"
    file = named ?? folder + "/tadoru/config.yml"
    var settings = ObjectValue()
    if named != nil || FileManager.default.fileExists(atPath: file) {
      settings = try ParameterFile.load(file).object ?? [:]
    }
    let name =
      environment["TADORU_USER"] ?? settings[path: ["user", "name"]]?.string ?? NSUserName()
    userName = name
    email =
      environment["TADORU_USER_EMAIL"] ?? settings[path: ["user", "email"]]?.string
      ?? "\(name)@\(Self.hostName)"
    limits = settings["limits"]?.object ?? [:]
    connections = settings["connections"]?.object ?? [:]
    server = settings["server"]?.object ?? [:]
    endpoint = server["endpoint"]?.string
    isolation = settings["isolation"]?.object ?? [:]
    mail = settings["mail"]?.object.map { Parameters($0) }
    notify = settings["notify"] ?? .null
  }

  /// As the kernel has it; Foundation's would ask the name servers.
  private static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// What `mail>` tasks may leave out.
  ///
  /// - Throws: ``CommandFailure`` `usage` for a setting that is not what it must be.
  func mailSettings(outbox: String) throws(CommandFailure) -> MailSettings {
    var settings = MailSettings(outboxDirectory: outbox)
    guard let mail else { return settings }
    do {
      settings.from = try mail.text("from")
      settings.subject = try mail.text("subject")
      settings.authorityFile = try mail.text("ca_file")
      if let host = try mail.text("host") { settings.server = try server(host, mail) }
    } catch {
      throw CommandFailure(
        .usage,
        "`mail` in the configuration: \(error.message)",
        hint: error.hint
      )
    }
    return settings
  }

  /// How alerts are delivered: to the log of the attempt unless `notify` says more.
  ///
  /// - Throws: ``CommandFailure`` `usage` for a setting that is not what it must be.
  func notifications() throws(CommandFailure) -> NotificationSettings {
    if notify.isNull { return .log }
    guard let options = notify.object else {
      throw CommandFailure(
        .usage,
        "`notify` in the configuration must be a map such as `{type: mail, to: [me@example.com]}`, found `\(notify)`"
      )
    }
    do {
      return try NotificationSettings(Parameters(options, local: options.keys))
    } catch let error as WorkflowError {
      throw CommandFailure(
        .usage,
        "`notify` in the configuration: \(error.message)",
        hint: error.hint
      )
    } catch {
      throw CommandFailure(.usage, "`notify` in the configuration: \(error)")
    }
  }

  private func server(_ host: String, _ mail: Parameters) throws(WorkflowError) -> MailServer {
    let encryption: MailServer.Encryption =
      try mail.bool("ssl") ? .implicit : try mail.bool("tls", default: true) ? .startTLS : .none
    return MailServer(
      host: host,
      port: Int(try mail.int("port") ?? 587),
      encryption: encryption,
      username: try mail.text("username"),
      password: try mail.text("password").map { Secret($0) },
      authorityFile: try mail.text("ca_file")
    )
  }
}
