import CCurl
import Values
import WorkflowEngine

/// Puts a failed delivery into words: which step, what the server said, what to do.
struct SMTPFailure {
  let server: MailServer
  let code: CURLcode
  /// libcurl's own words.
  let problem: String
  /// Why the transfer was stopped from our side.
  let complaint: String?
  let dialogue: SMTPDialogue

  var taskFailure: TaskFailure { TaskFailure(.runtime, "mail not sent: " + reason) }

  private var reason: String {
    let place = "`\(server.host):\(server.port)`"
    if let complaint { return "\(complaint) from \(place)" + afterCommand }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return "the host `\(server.host)` is unknown; check `host`"
    case CURLE_COULDNT_CONNECT:
      return "\(place) cannot be reached: \(problem); check `host` and `port`"
    case CURLE_USE_SSL_FAILED:
      return "\(place) does not offer STARTTLS, which `tls: true` demands; "
        + "use `ssl: true` for a port that is encrypted from the start"
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE:
      return "the certificate of \(place) is not trusted: \(problem)"
    case CURLE_SSL_CONNECT_ERROR:
      return "no TLS connection to \(place): \(problem); check `tls`, `ssl` and `port`"
    default: break
    }
    if let refusal = dialogue.refusal {
      let step =
        dialogue.command == "AUTH"
        ? "the login of `\(server.username ?? "")`" : "`\(dialogue.command)`"
      return dialogue.command.isEmpty
        ? "\(place) refused the connection: `\(refusal)`" : "\(place) refused \(step): `\(refusal)`"
    }
    return "\(place): \(problem)" + afterCommand
  }

  private var afterCommand: String {
    dialogue.command.isEmpty ? "" : " after `\(dialogue.command)`"
  }
}
