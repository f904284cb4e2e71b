import Foundation
import Values
import WorkflowEngine

/// Brings one alert to where the installation wants it.
struct NotificationDelivery: Sendable {
  let settings: NotificationSettings
  let mail: MailSettings
  let surroundings: OperatorSurroundings

  /// - Throws: ``TaskFailure`` `runtime` when it did not arrive.
  func deliver(_ notification: Notification, output: TaskOutput) async throws {
    switch settings.channel {
    case .log: return
    case .mail(let to, let from, let subject):
      try await send(notification, to: to, from: from, subject: subject, output: output)
    case .shell(let command): try await run(command, notification, output: output)
    case .http(let url, let headers): try await post(notification, to: url, headers: headers)
    }
  }

  private func send(
    _ notification: Notification,
    to: [String],
    from: String?,
    subject: String?,
    output: TaskOutput
  ) async throws {
    let sender = from ?? mail.from ?? "tadoru@localhost"
    let message = MailMessage(
      from: try MailAddress(sender, role: "from"),
      to: try to.map { try MailAddress($0, role: "to") },
      cc: [],
      bcc: [],
      subject: subject ?? notification.subject,
      body: notification.text,
      isHTML: false,
      attachments: []
    )
    try message.check()
    let id = surroundings.newID()
    let mime = message.mime(date: notification.time, id: id)
    guard let server = mail.server else {
      guard let directory = mail.outboxDirectory else {
        throw TaskFailure(.config, "Missing SMTP configuration: `mail.host` of the configuration")
      }
      let path = try MailOutbox(directory: directory).keep(
        mime,
        named: "\(notification.attempt.attemptID)-\(id)"
      )
      return output.warn("NO MAIL WAS SENT: there is no SMTP server. The alert is in \(path)")
    }
    _ = try await SMTPClient(server: server).send(
      mime,
      from: message.from.mailbox,
      to: message.recipients.map(\.mailbox)
    )
  }

  /// The program reads the alert as JSON; what it prints goes to the task's log.
  private func run(
    _ command: [String],
    _ notification: Notification,
    output: TaskOutput
  ) async throws {
    let file = "\(surroundings.temporaryDirectory)/tadoru-\(surroundings.newID()).json"
    let isWritten = FileManager.default.createFile(
      atPath: file,
      contents: Data((JSON.encode(notification.value) + "\n").utf8),
      attributes: [.posixPermissions: 0o600]
    )
    guard isWritten else {
      throw TaskFailure(.runtime, "the alert could not be written to `\(file)`")
    }
    defer { unlink(file) }
    let process = ChildProcess(
      command: ["/bin/sh", "-c", "file=$1; shift; exec \"$@\" <\"$file\"", "sh", file] + command,
      environment: surroundings.environment,
      workingDirectory: surroundings.temporaryDirectory,
      scratchFile: file,
      // The administrator chose the program.
      policy: .open
    )
    let code = try await withinTimeout { try await process.run(output: output.print) }
    guard code == 0 else {
      throw TaskFailure(
        .runtime,
        "the alert was not delivered: the program of `notify` ended with code \(code)"
      )
    }
  }

  private func post(
    _ notification: Notification,
    to url: String,
    headers: ObjectValue
  ) async throws {
    var request = HTTPRequest(address: try HTTPAddress(url, isSecret: true))
    request.method = "POST"
    request.timeout = settings.timeout
    request.headers = headers.map { HTTPRequest.Header(name: $0.0, value: $0.1.text) }
    if !request.has("Content-Type") {
      request.headers.append(HTTPRequest.Header(name: "Content-Type", value: "application/json"))
    }
    request.body = Array(JSON.encode(notification.value).utf8)
    let response: HTTPResponse
    do {
      // The administrator chose the address.
      response = try await HTTPClient.send(request, within: .open)
    } catch let failure as HTTPFailure {
      throw TaskFailure(
        .runtime,
        "the alert was not delivered: \(request.shown) - \(failure.reason)"
      )
    }
    guard (200..<300).contains(response.status) else {
      throw TaskFailure(
        .runtime,
        "the alert was not delivered: \(request.shown) answered \(response.shown)"
      )
    }
  }

  private func withinTimeout(
    _ body: @escaping @Sendable () async throws -> Int32
  ) async throws -> Int32 {
    try await withThrowingTaskGroup(of: Int32?.self) { group in
      group.addTask { try await body() }
      group.addTask { [timeout = settings.timeout] in
        try await Task.sleep(for: .seconds(timeout))
        return nil
      }
      defer { group.cancelAll() }
      guard let code = try await group.next() ?? nil else {
        throw TaskFailure(
          .runtime,
          "the alert was not delivered: the program of `notify` took more than \(settings.timeout) s"
        )
      }
      return code
    }
  }
}
