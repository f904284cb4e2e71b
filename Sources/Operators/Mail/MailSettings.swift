/// What an installation gives to `mail>` tasks that do not say it themselves.
public struct MailSettings: Sendable {
  /// The server for tasks without a `host` of their own; nil when there is none.
  public var server: MailServer?
  public var from: String?
  public var subject: String?
  /// A PEM file of the authorities to trust instead of the system's, for a server that the task names.
  public var authorityFile: String?
  /// Where messages go when no server is known; nil makes that an error.
  public var outboxDirectory: String?

  public init(
    server: MailServer? = nil,
    from: String? = nil,
    subject: String? = nil,
    authorityFile: String? = nil,
    outboxDirectory: String? = nil
  ) {
    self.server = server
    self.from = from
    self.subject = subject
    self.authorityFile = authorityFile
    self.outboxDirectory = outboxDirectory
  }
}
