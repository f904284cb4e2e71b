import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

@Suite struct MailOperatorTests {
  private func worker(_ settings: MailSettings = MailSettings()) -> MailOperator {
    MailOperator(
      settings: settings,
      clock: { Date(timeIntervalSince1970: 0) },
      newID: { "id-1" }
    )
  }

  @Test func `sends a templated file to the server of the task, with its secrets`() async throws {
    let smtp = try SMTPServer(.starttls, user: "ann", password: "p w")
    let task = try TestTask()
    try task.folder.write("AUC ${auc}, from ${from}\n", to: "body.txt")
    try task.folder.write("a,b\n", to: "data/報告.csv")
    let result = try await task.run(
      worker(),
      [
        "_command": "body.txt", "subject": "Drift ${auc}", "to": "ann@example.com",
        "cc": ["bob@example.com"],
        "attach_files": [["path": "data/報告.csv", "content_type": "text/csv"]],
      ],
      exports: [
        "auc": 0.5,
        "mail": [
          "host": "nowhere.invalid", "port": .int(Int64(smtp.port)), "from": "me@example.com",
          "ca_file": .string(try #require(smtp.authority)),
        ],
      ],
      secrets: ["mail.host": "localhost", "mail.username": "ann", "mail.password": "p w"]
    )
    #expect(result.store.isEmpty)
    let mail = try #require(try smtp.messages().first)
    #expect(mail[path: ["headers", "Subject"]] == "Drift 0.5")
    #expect(mail["to"] == ["ann@example.com", "bob@example.com"])
    let parts = try #require(mail["parts"]?.array).compactMap(\.object)
    #expect(parts[0]["text"]?.string?.hasPrefix("AUC 0.5, from me@example.com\n") == true)
    #expect(parts[1]["filename"] == "報告.csv" && parts[1]["type"] == "text/csv")
    #expect(task.log.contains("accepted by localhost"))
    #expect(!task.log.contains("p w"))
  }

  @Test func `uses the installation's server only when the task names none`() async throws {
    let (installed, own) = (try SMTPServer(.plain), try SMTPServer(.plain))
    let settings = MailSettings(
      server: MailServer(host: "127.0.0.1", port: installed.port, encryption: .none),
      from: "system@example.com"
    )
    let task = try TestTask()
    let mail: ObjectValue = ["_command": ["data": "x"], "subject": "s", "to": ["a@example.com"]]
    try await task.run(worker(settings), mail)
    #expect(try installed.messages().first?["from"] == "system@example.com")
    try await task.run(
      worker(settings),
      mail.merging(["host": "127.0.0.1", "port": .int(Int64(own.port)), "tls": false])
    )
    #expect(try own.messages().count == 1)
    #expect(try installed.messages().count == 1)
  }

  @Test func `keeps the message in the outbox and says that nothing was sent`() async throws {
    let task = try TestTask()
    let outbox = task.folder.path + "/outbox"
    try await task.run(
      worker(MailSettings(outboxDirectory: outbox)),
      ["_command": nil, "body": "hello", "subject": "件名", "to": ["a@example.com"], "html": "true"]
    )
    #expect(task.log.hasPrefix("warning: NO MAIL WAS SENT"))
    let text = try String(contentsOfFile: outbox + "/11-id-1.eml", encoding: .utf8)
    #expect(text.contains("From: tadoru@localhost\r\n"))
    #expect(text.contains("Content-Type: text/html; charset=utf-8\r\n"))
    #expect(text.contains("\r\n\r\nhello\r\n"))
  }

  @Test func `refuses what is missing or unsafe`() async throws {
    let task = try TestTask()
    let outbox = MailSettings(outboxDirectory: task.folder.path + "/outbox")
    func words(_ keys: ObjectValue, _ settings: MailSettings) async -> String {
      let mail: ObjectValue = ["_command": ["data": "x"], "subject": "s", "to": ["a@example.com"]]
      return await task.failure(worker(settings), mail.merging(keys))
    }
    #expect(await words([:], MailSettings()).hasPrefix("Missing SMTP configuration"))
    #expect(await words(["to": ["a@x, b@x"]], outbox).hasPrefix("Invalid address in `to`"))
    #expect(await words(["subject": "a\r\nBcc: e@x"], outbox).contains("line break"))
    #expect(
      await words(["subject": nil], outbox)
        == "Parameter 'subject' is required but not set (config)"
    )
    #expect(
      await words(["host": "localhost"], outbox)
        == "Parameter 'from' is required but not set (config)"
    )
    #expect(await words(["to": []], outbox).contains("`to`, `cc` and `bcc`"))
    #expect(
      await words(["attach_files": [["path": "no.csv"]]], outbox)
        == "File not found: no.csv (config)"
    )
    #expect(await words(["_command": "no.txt"], outbox) == "File not found: no.txt (config)")
    #expect(await words(["_command": nil], outbox).contains("a mail needs a text"))
    #expect(await words(["host": "h/x", "from": "a@b"], outbox).contains("`host` must be"))
  }

  @Test func `fails and keeps nothing when the server refuses`() async throws {
    let smtp = try SMTPServer(.plain)
    let task = try TestTask()
    let words = await task.failure(
      worker(MailSettings(outboxDirectory: task.folder.path + "/outbox")),
      [
        "_command": ["data": "x"], "subject": "s", "to": ["nobody@example.com"], "from": "a@b",
        "host": "127.0.0.1", "port": .int(Int64(smtp.port)), "tls": false,
      ]
    )
    #expect(words.contains("550 5.1.1 no such user here") && words.hasSuffix("(runtime)"))
    #expect(!FileManager.default.fileExists(atPath: task.folder.path + "/outbox"))
  }
}
