import Values
import WorkflowEngine
import WorkflowLanguage

extension PostgreSQLServer {
  /// The server that a task's options name; a secret such as `pg.host` wins over the option.
  ///
  /// - Throws: `WorkflowError` for an option that is missing or of another kind, ``TaskFailure`` for a missing password.
  init(_ options: Parameters, _ secrets: SecretStore) throws {
    let text = { (key: String) throws -> String? in
      try secrets["pg.\(key)"]?.reveal() ?? options.text(key)
    }
    // why: every option is asked for, so that none is warned about because a secret stands in for it
    for key in ["host", "port", "database", "user", "ssl", "schema"] { _ = options.contains(key) }
    self.init(
      host: try options.required(try text("host"), "host"),
      database: try options.required(try text("database"), "database"),
      user: try options.required(try text("user"), "user")
    )
    if let port = try text("port") {
      guard let number = UInt16(port), number > 0 else {
        throw TaskFailure(.config, "`port` must be a number from 1 to 65535, found `\(port)`")
      }
      self.port = Int(number)
    }
    schema = try text("schema").flatMap { $0.isEmpty ? nil : $0 }
    password = try Self.password(options, secrets)
    sslMode = try Self.sslMode(options, secrets)
    rootCertificate = try options.text("sslrootcert")
    connectTimeout = try Self.duration("connect_timeout", options) ?? connectTimeout
    answerTimeout = try Self.duration("socket_timeout", options) ?? answerTimeout
  }

  /// The same, held to what a task may reach.
  ///
  /// - Throws: ``TaskFailure`` for a certificate that is no file of the project.
  func held(to context: TaskContext) throws -> PostgreSQLServer {
    var server = self
    server.network = context.isolation.network
    if let rootCertificate, context.isolation.files.isConfined {
      server.rootCertificate = try WorkflowFile(rootCertificate, context).path
    }
    return server
  }

  private static func password(_ options: Parameters, _ secrets: SecretStore) throws -> Secret? {
    guard let key = try options.text("password_override") else { return secrets["pg.password"] }
    guard let secret = secrets["pg.\(key)"] ?? secrets[key] else {
      throw TaskFailure(
        .config,
        "Secret not found for key: 'pg.\(key)', which `password_override` names"
      )
    }
    return secret
  }

  private static func sslMode(_ options: Parameters, _ secrets: SecretStore) throws -> SSLMode {
    if let text = try options.text("sslmode") {
      guard let mode = SSLMode(rawValue: text) else {
        let modes = SSLMode.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        throw TaskFailure(.config, "`sslmode` must be one of \(modes), found `\(text)`")
      }
      return mode
    }
    let secret = secrets["pg.ssl"].map { Parameters(["ssl": .string($0.reveal())]) }
    return try (secret ?? options).bool("ssl") ? .require : .prefer
  }

  /// `30s`, or a number of seconds.
  private static func duration(
    _ key: String,
    _ options: Parameters
  ) throws(WorkflowError) -> Duration? {
    guard let value = options.value(key) else { return nil }
    let seconds = value.double ?? value.string.flatMap { Double($0) }
    guard let seconds, seconds > 0, seconds < 1e9 else { return try options.duration(key) }
    return .milliseconds(Int64(seconds * 1000))
  }
}
