import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine
import WorkflowLanguage

@testable import Operators

@Suite struct NotifyOperatorTests {
  private let task: TestTask

  init() throws { task = try TestTask() }

  private func worker(
    _ settings: ObjectValue,
    mail: MailSettings = MailSettings()
  ) throws -> NotifyOperator {
    NotifyOperator(
      settings: try NotificationSettings(Parameters(settings, local: settings.keys)),
      mail: mail,
      surroundings: OperatorSurroundings(
        environment: ProcessInfo.processInfo.environment,
        temporaryDirectory: task.folder.path,
        clock: { Date(timeIntervalSince1970: 0) },
        newID: { "id-1" },
        nextJobID: { 1 }
      )
    )
  }

  @Test func `without settings an alert is a warning in the log`() async throws {
    try await task.run(worker([:]), ["_command": "late"])
    #expect(task.log == "warning: late")
  }

  @Test func `a program gets the alert as JSON`() async throws {
    let file = task.folder.path + "/alert.json"
    try await task.run(
      worker([
        "type": "shell", "command": ["/bin/sh", "-c", .string("cat > '\(file)'; echo sent")],
      ]),
      ["_command": "late"]
    )
    let alert = try #require(
      try JSON.decode(String(contentsOfFile: file, encoding: .utf8)).object
    )
    #expect(alert["message"] == "late")
    #expect(alert["workflow"] == "wf")
    #expect(alert["attempt_id"] == 11)
    #expect(alert["session_time"] == "2024-05-02T00:00:00+00:00")
    #expect(alert["time"] == "1970-01-01T00:00:00.000Z")
    #expect(task.output == "sent\n")
    #expect(!task.folder.contains("tadoru-id-1.json"))
  }

  @Test func `a program that fails or takes too long fails the task`() async throws {
    let failed = await task.failure(
      try worker(["type": "shell", "command": "exit 3"]),
      ["_command": "late"]
    )
    #expect(failed.contains("ended with code 3"))
    let slow = await task.failure(
      try worker(["type": "shell", "command": "sleep 60", "timeout": 0.2]),
      ["_command": "late"]
    )
    #expect(slow.contains("took more than 0.2 s"))
  }

  @Test func `a server is asked with the headers that are set; its address is a secret`()
    async throws
  {
    let server = try HTTPServer()
    let settings: ObjectValue = [
      "type": "http", "url": server.address("/told"), "headers": ["X-Key": "k"],
    ]
    try await task.run(worker(settings), ["_command": "late"])
    let refused = await task.failure(
      try worker(settings.merging(["url": server.address("/status/500")])),
      ["_command": "late"]
    )
    #expect(refused.contains("the alert was not delivered: POST http://***"))
    #expect(!refused.contains("127.0.0.1"))
  }

  @Test func `a mail without a server is kept in the outbox`() async throws {
    let mail = MailSettings(from: "tadoru@example.com", outboxDirectory: task.folder.path + "/out")
    try await task.run(
      worker(["type": "mail", "to": ["ops@example.com"]], mail: mail),
      ["_command": "late\nvery"]
    )
    #expect(task.log.contains("NO MAIL WAS SENT"))
    let text = try String(
      contentsOfFile: task.folder.path + "/out/11-id-1.eml",
      encoding: .utf8
    )
    #expect(text.contains("To: ops@example.com"))
    #expect(text.contains("Subject: late very: project wf"))
  }

  @Test func `a mail goes to the server of the installation`() async throws {
    let smtp = try SMTPServer(.plain)
    let mail = MailSettings(
      server: MailServer(host: "localhost", port: smtp.port, encryption: .none)
    )
    try await task.run(
      worker(["type": "mail", "to": "ops@example.com", "subject": "Tadoru"], mail: mail),
      ["_command": "late"]
    )
    let message = try #require(try smtp.messages().first)
    #expect(message["to"] == ["ops@example.com"])
  }

  @Test(
    arguments: [
      (["type": "pager"], "found `pager`"), (["type": "mail"], "'to' is required"),
      (["type": "mail", "to": "nobody"], "Invalid address"),
      (["type": "shell"], "'command' is required"), (["type": "http"], "'url' is required"),
      (["type": "http", "url": "ftp://x"], "expected an address"), (["timeout": 0], "`timeout`"),
      (["type": "log", "comand": "x"], "`comand` is no setting"),
    ] as [(ObjectValue, String)]
  )
  func `settings that cannot work are refused`(settings: ObjectValue, words: String) throws {
    do {
      _ = try worker(settings)
      Issue.record("accepted")
    } catch let error as WorkflowError {
      #expect(error.message.contains(words))
    } catch {
      #expect("\(error)".contains(words))
    }
  }
}
