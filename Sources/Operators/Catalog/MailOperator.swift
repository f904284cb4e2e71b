public import Foundation
import Values
public import WorkflowEngine
import WorkflowLanguage

/// `mail>`: sends a mail by SMTP, or keeps it in the outbox when no server is known.
///
/// ```yaml
/// +alert:
///   mail>: {data: "AUC was ${td.last_results.auc}"}
///   subject: Drift detected
///   to: [me@example.com]
/// ```
/// The text is `mail>: file` (with templates), `mail>: {data: …}` or `body:`. Options: `subject`, `to`, `cc`, `bcc`, `from`,
/// `html` (false), `attach_files` (`[{path, content_type, filename}]`), `host`, `port`, `username`, `tls` (true: STARTTLS),
/// `ssl` (false), `ca_file`, `debug` (false); defaults come from an exported `mail:` map. Secrets `mail.host`, `mail.port`,
/// `mail.username`, `mail.password`, `mail.tls`, `mail.ssl` win over options. Stores nothing.
public struct MailOperator: Operator {
  private let settings: MailSettings
  private let clock: @Sendable () -> Date
  private let newID: @Sendable () -> String

  /// - Parameters:
  ///   - settings: what tasks may leave out.
  ///   - clock: the time now.
  ///   - newID: a text of letters, digits and hyphens that was never given before.
  public init(
    settings: MailSettings,
    clock: @escaping @Sendable () -> Date,
    newID: @escaping @Sendable () -> String
  ) {
    self.settings = settings
    self.clock = clock
    self.newID = newID
  }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let options = context.parameters.defaults(from: "mail")
    let server = try MailServer.of(context, options: options, settings: settings)
    let id = newID()
    guard let server else {
      guard let directory = settings.outboxDirectory else {
        throw TaskFailure(
          .config,
          "Missing SMTP configuration: set the secret `mail.host` or the option `host`"
        )
      }
      let message = try MailMessage(
        context,
        options: options,
        settings: settings,
        usualSender: "tadoru@localhost"
      )
      let path = try MailOutbox(directory: directory).keep(
        message.mime(date: clock(), id: id),
        named: "\(context.attempt.attemptID)-\(id)"
      )
      context.output.warn(
        "NO MAIL WAS SENT: there is no SMTP server (secret `mail.host` or option `host`). "
          + "The message to \(names(message)) was written to \(path)"
      )
      return .done(TaskResult())
    }
    let message = try MailMessage(context, options: options, settings: settings, usualSender: nil)
    let output = context.output
    let isVerbose = try options.bool("debug")
    let trace: @Sendable (String) -> Void = { line in if isVerbose { output.info("smtp \(line)") } }
    if server.encryption == .none, server.password != nil {
      output.warn(
        "the password goes to `\(server.host)` without encryption, because `tls` is false"
      )
    }
    let receipt = try await SMTPClient(server: server, trace: trace).send(
      message.mime(date: clock(), id: id),
      from: message.from.mailbox,
      to: message.recipients.map(\.mailbox)
    )
    if server.username != nil, !receipt.offersAuthentication {
      output.warn("`\(server.host)` offers no login: `username` and the password were not used")
    }
    output.info(
      "mail to \(names(message)) accepted by \(server.host):\(server.port): \(receipt.reply)"
    )
    return .done(TaskResult())
  }

  private func names(_ message: MailMessage) -> String {
    message.recipients.map(\.mailbox).joined(separator: ", ")
  }
}
