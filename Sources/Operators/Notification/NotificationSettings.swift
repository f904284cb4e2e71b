import Values
import WorkflowEngine
public import WorkflowLanguage

/// How an installation delivers alerts: those of `notify>`, of failed attempts and of `sla:`.
public struct NotificationSettings: Sendable {
  enum Channel: Sendable {
    /// The log of the attempt, and nothing else.
    case log
    case mail(to: [String], from: String?, subject: String?)
    /// A program that gets the alert as JSON on its standard input.
    case shell([String])
    /// An address that the alert is posted to as JSON; it is treated as a secret, since webhooks hold their key in it.
    case http(String, headers: ObjectValue)
  }

  let channel: Channel
  /// Seconds that a program or a server may take.
  let timeout: Double

  /// Only the log of the attempt.
  public static let log = NotificationSettings(channel: .log, timeout: 0)

  private init(channel: Channel, timeout: Double) {
    self.channel = channel
    self.timeout = timeout
  }

  /// Reads `notify:` of the configuration.
  ///
  /// - Throws: `WorkflowError` or ``TaskFailure`` for a setting that is not what it must be.
  public init(_ options: Parameters) throws {
    timeout = try options.seconds("timeout") ?? 60
    guard timeout > 0 else {
      throw TaskFailure(.config, "`timeout` must be more than 0 seconds, found \(timeout)")
    }
    switch try options.text("type") ?? "log" {
    case "log": channel = .log
    case "mail":
      let to = try options.required(options.textList("to"), "to")
      for address in to { _ = try MailAddress(address, role: "to") }
      channel = .mail(to: to, from: try options.text("from"), subject: try options.text("subject"))
    case "shell":
      let command = try options.required(options.value("command"), "command")
      channel = .shell(
        try command.array == nil
          ? ["/bin/sh", "-c", options.requiredText("command")]
          : options.textList("command") ?? []
      )
    case "http":
      let url = try options.requiredText("url")
      _ = try HTTPAddress(url, isSecret: true)
      channel = .http(url, headers: try options.object("headers") ?? [:])
    case let other:
      throw TaskFailure(
        .config,
        "`type` must be one of `log`, `mail`, `shell` and `http`, found `\(other)`"
      )
    }
    if let unknown = options.unusedLocalKeys().first {
      throw TaskFailure(.config, "`\(unknown)` is no setting of this `type`")
    }
  }
}
