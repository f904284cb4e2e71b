import Foundation
import WorkflowEngine

/// What a mail says and to whom, before it is written as MIME.
struct MailMessage: Sendable {
  /// A file that goes along.
  struct Attachment: Sendable {
    let filename: String
    let contentType: String
    let bytes: [UInt8]
  }

  let from: MailAddress
  let to: [MailAddress]
  let cc: [MailAddress]
  let bcc: [MailAddress]
  let subject: String
  let body: String
  let isHTML: Bool
  let attachments: [Attachment]

  /// Everyone the message is delivered to, each once.
  var recipients: [MailAddress] {
    var seen: Set<String> = []
    return (to + cc + bcc).filter { seen.insert($0.mailbox).inserted }
  }

  /// Refuses what would break out of its header line.
  func check() throws(TaskFailure) {
    guard !HeaderText.hasControlCharacter(subject) else {
      throw TaskFailure(
        .config,
        "`subject` holds a control character or a line break; a subject is one line"
      )
    }
    guard !recipients.isEmpty else {
      throw TaskFailure(.config, "a mail needs an address in at least one of `to`, `cc` and `bcc`")
    }
    for attachment in attachments {
      guard !HeaderText.hasControlCharacter(attachment.filename) else {
        throw TaskFailure(.config, "the file name of an attachment holds a control character")
      }
      guard Self.isContentType(attachment.contentType) else {
        throw TaskFailure(
          .config,
          "`content_type` of `\(attachment.filename)` must be of the form `type/subtype`"
        )
      }
    }
  }

  /// `type/subtype`, followed by parameters at will (RFC 2045 §5.1).
  private static func isContentType(_ text: String) -> Bool {
    guard !HeaderText.hasControlCharacter(text), text.utf8.allSatisfy({ $0 < 0x80 }) else {
      return false
    }
    let type = text.prefix { $0 != ";" }.split(separator: "/", omittingEmptySubsequences: false)
    return type.count == 2
      && type.allSatisfy { part in
        let token = part.filter { $0 != " " }
        return !token.isEmpty && token.allSatisfy(HeaderText.isAtomCharacter)
      }
  }
}
