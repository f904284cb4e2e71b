import Foundation
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct MailMessageTests {
  static func message(
    subject: String = "s",
    body: String = "b",
    isHTML: Bool = false,
    attachments: [MailMessage.Attachment] = []
  ) throws -> MailMessage {
    MailMessage(
      from: try MailAddress("tadoru@localhost", role: "from"),
      to: [try MailAddress("ann@example.com", role: "to")],
      cc: [],
      bcc: [],
      subject: subject,
      body: body,
      isHTML: isHTML,
      attachments: attachments
    )
  }

  @Test func `writes date, addresses, subject, id and the plain body`() throws {
    let text = String(
      decoding: try Self.message(subject: "Hello", body: "one\ntwo").mime(
        date: Date(timeIntervalSince1970: 1_234_567_890),
        id: "abc"
      ),
      as: UTF8.self
    )
    #expect(
      text
        == [
          "Date: Fri, 13 Feb 2009 23:31:30 +0000", "From: tadoru@localhost", "To: ann@example.com",
          "Subject: Hello", "Message-ID: <abc@localhost>", "MIME-Version: 1.0",
          "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit", "", "one",
          "two", "",
        ].joined(separator: "\r\n")
    )
  }

  @Test(arguments: ["a\r\nBcc: eve@example.com", "a\nb", "a\u{0}b", "a\u{2028}b"])
  func `refuses a subject that could start another header`(subject: String) throws {
    let message = try Self.message(subject: subject)
    #expect(throws: TaskFailure.self) { try message.check() }
  }

  @Test(arguments: ["text/plain\r\nX: y", "plain", "text/", "text/pl ain/x"])
  func `refuses a content type that is none`(type: String) throws {
    let message = try Self.message(attachments: [.init(filename: "a", contentType: type, bytes: [])]
    )
    #expect(throws: TaskFailure.self) { try message.check() }
  }

  // RFC 2045 §6.7: `=` is escaped, lines end softly at 76 characters, blanks at the end are escaped.
  @Test(arguments: [
    ("a=b", "a=3Db"), ("é", "=C3=A9"), ("end ", "end=20"),
    (String(repeating: "x", count: 80), String(repeating: "x", count: 75) + "=\r\nxxxxx"),
  ])
  func `quotes what is not printable`(line: String, expected: String) {
    #expect(QuotedPrintable.line(line) == expected)
  }

  @Test(arguments: [
    "ann@example.com", "Ann <ann@example.com>", "\"Smith, Ann\" <a.b+c@x-y.example>",
    "root@localhost", "a@[127.0.0.1]",
  ])
  func `accepts one address`(text: String) throws {
    #expect(try MailAddress(text, role: "to").mailbox.contains("@"))
  }

  @Test(arguments: [
    "a@x, b@x", "a@x b@x", "a@x;b@x", "Ann <a@x>, Bob <b@x>", "a", "a@", "@x", "a@x\r\nBcc: b@x",
    "a@@x", "a b@x",
    "a@x>\nRCPT TO:<b@x", "é@x.example", "a..b@x", "",
  ])
  func `refuses what is not one address`(text: String) {
    let failure = #expect(throws: TaskFailure.self) { try MailAddress(text, role: "to") }
    #expect(failure?.message.hasPrefix("Invalid address in `to`") == true)
    #expect(failure?.message.contains("\n") == false)
  }
}
