import Foundation
import Values
import WorkflowEngine
import WorkflowLanguage

extension MailMessage {
  /// Reads the message of a `mail>` task.
  ///
  /// - Parameters:
  ///   - context: gives files and templates.
  ///   - options: the task's parameters with the defaults of `mail`.
  ///   - settings: what the task may leave out.
  ///   - usualSender: who it is from when nobody says; nil makes `from` required.
  ///   - readsAttachments: false leaves the files of `attach_files` alone, which an earlier task may write.
  /// - Throws: ``TaskFailure`` `config` for what is missing or is not allowed in a header.
  init(
    _ context: TaskContext,
    options: Parameters,
    settings: MailSettings,
    usualSender: String?,
    readsAttachments: Bool = true
  ) throws {
    func addresses(_ key: String) throws -> [MailAddress] {
      try (options.textList(key) ?? []).map { try MailAddress($0, role: key) }
    }
    let sender = try options.required(options.text("from") ?? settings.from ?? usualSender, "from")
    from = try MailAddress(sender, role: "from")
    to = try addresses("to")
    cc = try addresses("cc")
    bcc = try addresses("bcc")
    subject = try options.required(options.text("subject") ?? settings.subject, "subject")
    body = try Self.body(context, options)
    isHTML = try options.bool("html")
    attachments = try (options.list("attach_files") ?? []).map {
      try Attachment($0, context, isRead: readsAttachments)
    }
    try check()
  }

  private static func body(_ context: TaskContext, _ options: Parameters) throws -> String {
    guard let command = options.value("_command") else {
      guard let body = try options.text("body") else {
        throw TaskFailure(
          .config,
          "a mail needs a text: name a file, or write `mail>: {data: …}` or `body: …`"
        )
      }
      return body
    }
    if let inline = command.object {
      return try Parameters(inline).requiredText("data")
    }
    return try WorkflowFile(options.requiredText("_command"), context).templated(
      context,
      defaults: "mail"
    )
  }
}

extension MailMessage.Attachment {
  /// Reads one entry of `attach_files`.
  fileprivate init(_ entry: Value, _ context: TaskContext, isRead: Bool) throws {
    guard let object = entry.object else {
      throw TaskFailure(
        .config,
        "each element of `attach_files` must be a map with `path`, found `\(entry)`"
      )
    }
    let options = Parameters(object)
    let file = try WorkflowFile(try options.requiredText("path"), context)
    filename = try options.text("filename") ?? URL(filePath: file.path).lastPathComponent
    contentType = try options.text("content_type") ?? "application/octet-stream"
    bytes = isRead ? try file.bytes() : []
  }
}
