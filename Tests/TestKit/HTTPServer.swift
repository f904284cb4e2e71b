import Foundation
import Testing
public import Values

/// A real HTTP server (Python's http.server) for one test; ends when the test lets go of it.
///
/// It tells what it was asked as JSON, unless the path asks for something else: see the script among the fixtures.
public final class HTTPServer {
  public let port: Int
  private let scheme: String
  private let folder: TemporaryFolder
  private let process = Process()

  /// Starts it; with `tls` it encrypts, with a certificate of its own making.
  public init(tls: Bool = false) throws {
    folder = try TemporaryFolder()
    scheme = tls ? "https" : "http"
    process.executableURL = URL(filePath: TestPython.path)
    process.arguments =
      [try TestPython.fixture("http_server")] + (tls ? ["tls", folder.path] : [])
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
  }

  // Not waited for: `waitUntilExit` turns a run loop on a thread that other tests need.
  deinit { process.terminate() }

  /// The address of a path, which begins with a slash.
  public func address(_ path: String) -> Value {
    .string("\(scheme)://127.0.0.1:\(port)\(path)")
  }
}
