import Foundation

/// The Python of the test runtime that the bootstrap makes, with aiosmtpd in it.
enum TestPython {
  static let path: String = {
    // A developer may try another environment without touching the shared one.
    if let chosen = ProcessInfo.processInfo.environment["TADORU_TEST_PYTHON"] { return chosen }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appending(path: ".deps/runtime/test/bin/python").path(percentEncoded: false)
  }()
}
