import Foundation
import Server
import Synchronization

/// Where people reach a server: as the configuration says, else where it listens.
final class PublicAddress: Sendable {
  private let configured: String?
  private let settings: ServerSettings
  private let port: Mutex<Int>

  /// - Parameters:
  ///   - configured: as ``checked(_:)`` gave it.
  ///   - settings: with the address and the port to listen at.
  init(configured: String?, settings: ServerSettings) {
    self.configured = configured
    self.settings = settings
    port = Mutex(settings.port)
  }

  /// The port is known when the server listens.
  func note(port: Int) { self.port.withLock { $0 = port } }

  /// Without a slash at its end.
  var text: String {
    if let configured { return configured }
    let host = settings.bind.contains(":") ? "[\(settings.bind)]" : settings.bind
    return "\(settings.isSecure ? "https" : "http")://\(host):\(port.withLock(\.self))"
  }

  /// The page of an executed notebook; the file itself for one that is not among those the console shows.
  func notebook(_ attempt: Int64, file: String, in folder: String) -> String {
    let start = folder + "/notebooks/"
    guard file.hasPrefix(start) else { return URL(filePath: file).absoluteString }
    var allowed = CharacterSet.alphanumerics.intersection(
      CharacterSet(charactersIn: "\0"..."\u{7F}")
    )
    allowed.insert(charactersIn: "-._~/")
    let path = file.dropFirst(start.count)
    let encoded = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? String(path)
    return "\(text)/attempts/\(attempt)/notebooks/\(encoded)"
  }

  /// The name that requests to an address give as their `Host`.
  static func host(of address: String) -> String? { URLComponents(string: address)?.host }

  /// What `server.url` says, if it can be such an address.
  ///
  /// - Throws: ``CommandFailure`` `usage`.
  static func checked(_ written: String) throws -> String {
    let text = String(written.reversed().drop { $0 == "/" }.reversed())
    guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
      parts.host?.isEmpty == false, parts.query == nil, parts.fragment == nil, parts.user == nil
    else {
      throw CommandFailure(
        .usage,
        "`server.url` must be an address such as `https://tadoru.example.com`, found `\(written)`"
      )
    }
    return text
  }
}
