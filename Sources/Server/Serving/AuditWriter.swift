import Access
import Logging

/// Keeps what a changing request did, or that it was refused.
struct AuditWriter: Sendable {
  let trail: AuditTrail
  let route: Route
  let line: RequestLine
  let logger: Logger
  /// Who somebody unknown says to be.
  var claimedName: String?

  /// Does nothing for a route that changes nothing.
  func append(_ caller: Gatekeeper.Caller?, _ project: Int64?, _ status: Int, subject: String?) {
    guard let action = route.change else { return }
    let event = AuditTrail.Event(
      account: caller?.principal.account,
      actor: caller?.principal.name ?? String((claimedName ?? "").prefix(320)),
      token: caller?.principal.token,
      action: action,
      project: project,
      object: subject ?? String(line.path.prefix(300)),
      status: status,
      address: line.address,
      requestID: line.requestID
    )
    do {
      try trail.append(event)
    } catch {
      // What was asked for is done and cannot be taken back; the log is where its owner learns of it.
      logger.critical(
        "an audit entry could not be kept: \(error)",
        metadata: ["request": .string(line.requestID), "action": .string(action)]
      )
    }
  }
}
