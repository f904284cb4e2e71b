import Access
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Values
import WorkflowEngine

/// Logs as digdag's clients take them: one gzip file a task.
struct LogFileRoutes {
  let rooms: Rooms

  /// Stands for lines about the attempt as a whole.
  private static let attempt = "attempt"
  private static let end = ".log.gz"

  var list: [Route] {
    let viewer = Requirement.project(.viewer, .attempt("id"))
    return [
      Route(.get, "/api/logs/{id}/files", "the log files of an attempt", viewer, handler: files)
        .query(
          Parameter("task", .text(), "only those of tasks whose full names begin so"),
          Parameter("direct_download", .flag, "of no meaning here")
        ).gives(
          .json(
            .members([
              (
                "files",
                .list(
                  .members([
                    ("fileName", .text), ("fileSize", .integer()), ("taskName", .text),
                    ("fileTime", .time), ("agentId", .text), ("direct", Schema.text.orNull),
                  ])
                )
              )
            ])
          )
        ),
      Route(
        .get,
        "/api/logs/{id}/files/{name}",
        "what one task said, as gzip",
        viewer,
        handler: file
      ).gives(.content("application/gzip")),
    ]
  }

  /// What a log has of one task.
  private struct Part {
    var size = 0
    let time: String
  }

  private func files(_ exchange: Exchange) throws -> Answer {
    let wanted = exchange.query.text("task")
    guard let reader = try rooms.logReader(exchange.id("id", "attempt")) else {
      return .json(["files": []])
    }
    var parts: [String: Part] = [:]
    try reader.read { line in
      let name = line.task ?? ""
      if let wanted, !name.hasPrefix(wanted) { return }
      parts[name, default: Part(time: line.time)].size += LogText.bytes(line).count
    }
    let values = parts.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }.map {
      name,
      part -> Value in
      [
        "fileName": .string((name.isEmpty ? Self.attempt : name) + Self.end),
        "fileSize": .int(Int64(part.size)), "taskName": .string(name),
        "fileTime": .string(part.time), "agentId": "tadoru", "direct": .null,
      ]
    }
    return .json(["files": .array(values)])
  }

  private func file(_ exchange: Exchange) throws -> Answer {
    let name = exchange.path["name"] ?? ""
    let id = try exchange.id("id", "attempt")
    guard name.hasSuffix(Self.end), try rooms.logReader(id) != nil else {
      throw Missing.object("log file", name)
    }
    let task = String(name.dropLast(Self.end.count))
    let rooms = rooms
    var answer = Answer(
      .ok,
      body: ResponseBody { writer in
        var gzip = StoredGzip()
        try await writer.write(ByteBuffer(bytes: StoredGzip.header))
        // Opened again, as a reader must not be handed from one task of Swift to another.
        if let reader = try rooms.logReader(id) {
          while let entries = try reader.next() {
            let lines = entries.filter { ($0.line.task ?? Self.attempt) == task }
            let bytes = lines.flatMap { LogText.bytes($0.line) }
            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: gzip.blocks(of: bytes))) }
          }
        }
        try await writer.write(ByteBuffer(bytes: gzip.end()))
        try await writer.finish(nil)
      }
    )
    answer.headers[.contentType] = "application/gzip"
    return answer
  }
}

/// A line of a log as text.
enum LogText {
  /// With a newline at its end; the bytes of the message as they came.
  static func bytes(_ line: LogLine) -> [UInt8] {
    let start = "\(line.time) [\(line.level.rawValue)] (\(line.task ?? "attempt")) "
    return Array(start.utf8) + line.message + [10]
  }
}

extension Rooms {
  /// Reads the log of an attempt; nil when it has said nothing yet.
  func logReader(_ attempt: Int64, from offset: UInt64 = 0) throws -> LogReader? {
    let file = inputs.attemptFolder(attempt) + "/attempt.log"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return try LogReader(file: file, from: offset)
  }
}
