public import Values
import WorkflowEngine

/// An SMTP server and how to talk to it.
public struct MailServer: Sendable {
  /// When the connection is encrypted.
  public enum Encryption: Sendable {
    /// Never: for a server on this machine or network.
    case none
    /// After STARTTLS, which the server must offer.
    case startTLS
    /// From the first byte.
    case implicit

    /// The port when none is named (RFC 6409, RFC 8314; 25 for a relay).
    var usualPort: Int {
      switch self {
      case .none: 25
      case .startTLS: 587
      case .implicit: 465
      }
    }
  }

  public var host: String
  public var port: Int
  public var encryption: Encryption
  public var username: String?
  public var password: Secret?
  /// A PEM file of the authorities to trust instead of the system's.
  public var authorityFile: String?
  /// Longest wait for the TCP connection.
  public var connectTimeout: Duration
  /// Longest silence of the server.
  public var readTimeout: Duration
  /// Where it may be: everywhere, unless a task names it.
  var network = NetworkPolicy.open

  public init(
    host: String,
    port: Int,
    encryption: Encryption = .startTLS,
    username: String? = nil,
    password: Secret? = nil,
    authorityFile: String? = nil,
    connectTimeout: Duration = .seconds(10),
    readTimeout: Duration = .seconds(60)
  ) {
    self.host = host
    self.port = port
    self.encryption = encryption
    self.username = username
    self.password = password
    self.authorityFile = authorityFile
    self.connectTimeout = connectTimeout
    self.readTimeout = readTimeout
  }
}

extension MailServer {
  /// As libcurl takes it.
  var address: String {
    let scheme = encryption == .implicit ? "smtps" : "smtp"
    let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    return "\(scheme)://\(name):\(port)/localhost"
  }
}
