import Foundation

@testable import WorkflowLanguage

/// The moment.js that the bootstrap copied, or the one of the system's package `libjs-moment`.
let momentFile = [
  URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../.deps/share/moment.min.js"
  ).standardizedFileURL.path, "/usr/share/javascript/moment/moment.min.js",
].first { FileManager.default.fileExists(atPath: $0) }

let engine = TemplateEngine(momentFile: momentFile)
