import Foundation
import Testing
import Values

/// A real S3-compatible server (moto) for one test; ends when the test lets go of it.
public final class S3Server {
  public let port: Int
  private let process = Process()

  public init() throws {
    process.executableURL = URL(filePath: TestPython.path)
    process.arguments = [try TestPython.fixture("s3_server")]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
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

  /// `http://127.0.0.1:PORT`.
  public var endpoint: String { "http://127.0.0.1:\(port)" }
}
