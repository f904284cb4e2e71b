import Foundation
import Synchronization
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Against aiosmtpd; what arrives is read back by Python's email package, an independent reader.
@Suite struct SMTPClientTests {
  private let date = Date(timeIntervalSince1970: 1_234_567_890)

  private func send(_ message: MailMessage, to server: MailServer) async throws -> SMTPReceipt {
    try await SMTPClient(server: server).send(
      message.mime(date: date, id: "id-1"),
      from: message.from.mailbox,
      to: message.recipients.map(\.mailbox)
    )
  }

  private func failure(
    _ server: MailServer,
    to recipient: String = "ann@example.com"
  ) async throws -> String {
    let message = MailMessage(
      from: try MailAddress("me@example.com", role: "from"),
      to: [try MailAddress(recipient, role: "to")],
      cc: [],
      bcc: [],
      subject: "s",
      body: "b",
      isHTML: false,
      attachments: []
    )
    let failure = await #expect(throws: TaskFailure.self) {
      _ = try await send(message, to: server)
    }
    return failure?.message ?? ""
  }

  @Test func `delivers text, HTML, attachments and names in any script`() async throws {
    let smtp = try SMTPServer(.plain)
    let subject = "モデルの精度が下がりました – " + String(repeating: "長い件名 ", count: 12)
    let message = MailMessage(
      from: try MailAddress("多度る <tadoru@example.com>", role: "from"),
      to: [
        try MailAddress("\"Smith, Ann\" <ann@example.com>", role: "to"),
        try MailAddress("bob@example.com", role: "to"),
      ],
      cc: [try MailAddress("carl@example.com", role: "cc")],
      bcc: [
        try MailAddress("dora@example.com", role: "bcc"),
        try MailAddress("ann@example.com", role: "bcc"),
      ],
      subject: subject,
      body: "<p>AUC は 0.91 = \"low\"</p>\n.\n..dots \nend",
      isHTML: true,
      attachments: [
        .init(
          filename: "報告 1.csv",
          contentType: "text/csv; charset=utf-8",
          bytes: Array("a,b\r\n1,é\r\n".utf8)
        ),
        .init(filename: "a\"b.bin", contentType: "application/octet-stream", bytes: Array(0...255)),
      ]
    )
    try message.check()
    let receipt = try await send(
      message,
      to: MailServer(host: "127.0.0.1", port: smtp.port, encryption: .none)
    )
    #expect(receipt.reply == "250 2.0.0 queued as 1")
    let mail = try #require(try smtp.messages().first)
    #expect(mail["from"] == "tadoru@example.com")
    #expect(
      mail["to"] == ["ann@example.com", "bob@example.com", "carl@example.com", "dora@example.com"]
    )
    let headers = try #require(mail["headers"]?.object)
    #expect(
      headers["Subject"]?.string == subject.trimmingCharacters(in: .whitespaces)
        || headers["Subject"]?.string == subject
    )
    #expect(headers["From"] == "多度る <tadoru@example.com>")
    #expect(headers["To"] == "\"Smith, Ann\" <ann@example.com>, bob@example.com")
    #expect(headers["Bcc"] == nil)
    #expect(headers["Date"] == "Fri, 13 Feb 2009 23:31:30 +0000")
    #expect(mail["defects"] == [])
    let parts = try #require(mail["parts"]?.array).compactMap(\.object)
    #expect(
      parts.map { $0["type"]?.string } == ["text/html", "text/csv", "application/octet-stream"]
    )
    #expect(parts[0]["text"] == "<p>AUC は 0.91 = \"low\"</p>\n.\n..dots \nend")
    #expect(parts[1]["filename"] == "報告 1.csv")
    #expect(parts[2]["filename"] == "a\"b.bin")
    #expect(parts[2]["text"]?.string == (0...255).map { String(format: "%02x", $0) }.joined())
    let longest = mail["raw"]?.string?.components(separatedBy: "\r\n").map(\.utf8.count).max()
    #expect((longest ?? 0) <= 78)
  }

  @Test func `logs in after STARTTLS with a trusted certificate`() async throws {
    let smtp = try SMTPServer(.starttls, user: "ann", password: "pass phrase/é")
    let receipt = try await send(
      try MailMessageTests.message(),
      to: MailServer(
        host: "localhost",
        port: smtp.port,
        username: "ann",
        password: Secret("pass phrase/é"),
        authorityFile: smtp.authority
      )
    )
    #expect(receipt.offersAuthentication)
    let mail = try #require(try smtp.messages().first)
    #expect(mail["user"] == "ann" && mail["tls"] == true)
  }

  @Test func `speaks TLS from the first byte`() async throws {
    let smtp = try SMTPServer(.implicit)
    _ = try await send(
      try MailMessageTests.message(),
      to: MailServer(
        host: "localhost",
        port: smtp.port,
        encryption: .implicit,
        authorityFile: smtp.authority
      )
    )
    #expect(try smtp.messages().first?["tls"] == true)
  }

  @Test func `refuses a certificate it does not know`() async throws {
    let smtp = try SMTPServer(.starttls)
    #expect(
      try await failure(MailServer(host: "localhost", port: smtp.port)).contains("is not trusted")
    )
    #expect(try smtp.messages().isEmpty)
  }

  @Test func `never falls back to plain text when STARTTLS is missing`() async throws {
    let smtp = try SMTPServer(.plain)
    let words = try await failure(MailServer(host: "127.0.0.1", port: smtp.port))
    #expect(words.contains("does not offer STARTTLS"))
    #expect(try smtp.messages().isEmpty)
  }

  @Test func `tells which recipient was refused and in whose words`() async throws {
    let smtp = try SMTPServer(.plain)
    let words = try await failure(
      MailServer(host: "127.0.0.1", port: smtp.port, encryption: .none),
      to: "nobody@example.com"
    )
    #expect(words.contains("refused `RCPT TO:<nobody@example.com>`: `550 5.1.1 no such user here`"))
  }

  @Test func `tells a refused login without the password`() async throws {
    let smtp = try SMTPServer(.starttls, user: "ann", password: "right")
    let lines = Mutex<[String]>([])
    let client = SMTPClient(
      server: MailServer(
        host: "localhost",
        port: smtp.port,
        username: "ann",
        password: Secret("wrong-1"),
        authorityFile: smtp.authority
      ),
      trace: { line in lines.withLock { $0.append(line) } }
    )
    let message = try MailMessageTests.message()
    let failure = await #expect(throws: TaskFailure.self) {
      _ = try await client.send(
        message.mime(date: date, id: "x"),
        from: "a@b",
        to: ["ann@example.com"]
      )
    }
    #expect(failure?.message.contains("refused the login of `ann`: `535") == true)
    let dialogue = lines.withLock { $0 }.joined(separator: "\n")
    #expect(dialogue.contains("> AUTH ***"))
    for form in [
      "wrong-1", Data("wrong-1".utf8).base64EncodedString(),
      Data("\0ann\0wrong-1".utf8).base64EncodedString(),
    ] {
      #expect(!dialogue.contains(form) && failure?.message.contains(form) == false)
    }
  }

  @Test(arguments: [SMTPServer.Mode.silent, .hang])
  func `gives up on a server that does not answer`(mode: SMTPServer.Mode) async throws {
    let smtp = try SMTPServer(mode)
    let server = MailServer(
      host: "127.0.0.1",
      port: smtp.port,
      encryption: .none,
      readTimeout: .seconds(1)
    )
    #expect(try await failure(server).contains("no answer for 1 s"))
  }

  // Without the cancellation it would take an hour.
  @Test(.timeLimit(.minutes(1))) func `ends when the task is cancelled`() async throws {
    let smtp = try SMTPServer(.silent)
    let message = try MailMessageTests.message()
    let server = MailServer(
      host: "127.0.0.1",
      port: smtp.port,
      encryption: .none,
      readTimeout: .seconds(3600)
    )
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await send(message, to: server) }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }

  @Test func `names an unknown host and a closed port`() async throws {
    #expect(
      try await failure(MailServer(host: "no-such-host.invalid", port: 25)).contains("is unknown")
    )
    #expect(try await failure(MailServer(host: "127.0.0.1", port: 1)).contains("cannot be reached"))
  }
}
