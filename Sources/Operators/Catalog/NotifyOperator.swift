import Values
public import WorkflowEngine
import WorkflowLanguage

/// `notify>`: tells people, in the way that the installation is set up for.
///
/// ```yaml
/// +tell:
///   notify>: the nightly load is late
/// ```
/// The engine makes such tasks for failed attempts and for `sla:`. The text always goes to the log; `notify:` of the
/// configuration adds a mail, a program or an HTTP request. Stores nothing; `_retry` does not repeat it.
public struct NotifyOperator: Operator {
  /// nil for the log alone.
  private let delivery: NotificationDelivery?

  /// Writes alerts to the log of the attempt.
  public init() { delivery = nil }

  /// - Parameters:
  ///   - settings: how alerts are delivered.
  ///   - mail: the server of mails.
  ///   - surroundings: time, names and environment of this process.
  public init(
    settings: NotificationSettings,
    mail: MailSettings,
    surroundings: OperatorSurroundings
  ) {
    delivery = NotificationDelivery(settings: settings, mail: mail, surroundings: surroundings)
  }

  public var retriesOwnFailure: Bool { false }

  public func run(_ context: TaskContext) async throws -> TaskOutcome {
    let message = try context.parameters.requiredText("_command")
    context.parameters.useAll()
    context.output.warn(message)
    if let delivery {
      let notification = Notification(
        message: message,
        task: context.taskName,
        attempt: context.attempt,
        time: delivery.surroundings.clock()
      )
      try await delivery.deliver(notification, output: context.output)
    }
    return .done(TaskResult())
  }
}
