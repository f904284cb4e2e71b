import Foundation
import Testing
public import Values

/// A real SMTP server (aiosmtpd) for one test; ends when the test lets go of it.
public final class SMTPServer {
  public enum Mode: String, Sendable {
    case plain, starttls, implicit
    /// Accepts the connection and never says a word.
    case silent
    /// Never answers the end of a message.
    case hang
  }

  public let port: Int
  /// The server's certificate, to be trusted.
  public let authority: String?
  private let folder: TemporaryFolder
  private let process = Process()

  public init(_ mode: Mode, user: String? = nil, password: String = "") throws {
    folder = try TemporaryFolder()
    process.executableURL = URL(filePath: TestPython.path)
    process.arguments =
      [try TestPython.fixture("smtp_server"), mode.rawValue, folder.path]
      + (user.map { [$0, password] } ?? [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data("\n".utf8),
      !byte.isEmpty
    {
      line += byte
    }
    let greeting = try JSON.decode(String(decoding: line, as: UTF8.self)).object
    port = Int(try #require(greeting?["port"]?.int))
    authority = greeting?["authority"]?.string
  }

  // Not waited for: `waitUntilExit` turns a run loop on a thread that other tests need.
  deinit { process.terminate() }

  /// The accepted messages in order, as the script describes them.
  public func messages() throws -> [ObjectValue] {
    var found: [ObjectValue] = []
    while true {
      let file = folder.url.appending(path: "\(found.count + 1).json")
      guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
        return found
      }
      found.append(try #require(try JSON.decode(String(contentsOf: file, encoding: .utf8)).object))
    }
  }
}
