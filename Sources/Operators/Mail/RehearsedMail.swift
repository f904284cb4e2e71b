public import WorkflowEngine
import WorkflowLanguage

/// What a `mail>` task would send, read and checked as it is before sending.
public struct RehearsedMail: Sendable, Hashable {
  public let from: String
  public let to: [String]
  public let cc: [String]
  public let bcc: [String]
  public let subject: String
  public let body: String
  public let isHTML: Bool
  /// The names of the files that would go along; the files themselves are not read.
  public let attachments: [String]

  /// - Parameters:
  ///   - context: of a `mail>` task.
  ///   - settings: what the task may leave out.
  /// - Throws: what the task itself would fail with.
  public init(_ context: TaskContext, settings: MailSettings) throws {
    let message = try MailMessage(
      context,
      options: context.parameters.defaults(from: "mail"),
      settings: settings,
      usualSender: "tadoru@localhost",
      readsAttachments: false
    )
    from = message.from.mailbox
    to = message.to.map(\.mailbox)
    cc = message.cc.map(\.mailbox)
    bcc = message.bcc.map(\.mailbox)
    subject = message.subject
    body = message.body
    isHTML = message.isHTML
    attachments = message.attachments.map(\.filename)
  }
}
