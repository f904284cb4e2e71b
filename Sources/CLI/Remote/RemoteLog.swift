import ArgumentParser
import Foundation
import Values
import WorkflowEngine

/// The log of an attempt on a server.
struct RemoteLog {
  let server: RemoteServer
  let attempt: Int64
  var task: String?
  var level = LogLevel.debug

  /// Shows what there is.
  func show(_ form: LogForm) async throws {
    _ = try await read(from: 0, form)
  }

  /// Shows lines until the attempt has ended; gives how it stands then.
  func follow(_ form: LogForm) async throws -> String {
    var offset: Int64 = 0
    while true {
      // Asked before reading: what was said until the end is then in the log.
      let status = try await server.attempt(attempt)["status"]?.string ?? "error"
      offset = try await read(from: offset, form)
      if status != "running" || StandardOutput.isGone { return status }
      try await Task.sleep(for: .milliseconds(300))
    }
  }

  /// Ends the command with the exit code of an attempt that ended so.
  func leave(with status: String) async throws {
    switch status {
    case "success": return
    case "killed": throw ExitCode(Exit.killed.rawValue)
    default: throw ExitCode(Exit.failed.rawValue)
    }
  }

  /// Shows the lines behind an offset; gives the offset of the next.
  private func read(from offset: Int64, _ form: LogForm) async throws -> Int64 {
    let bytes = try await server.bytes(
      "/api/attempts/\(attempt)/log",
      [("task", task), ("level", "\(level)")],
      headers: [("Accept", "text/event-stream"), ("Last-Event-ID", "\(offset)")]
    )
    var next = offset
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("id: ") { next = Int64(line.dropFirst(4)) ?? next }
      guard line.hasPrefix("data: ") else { continue }
      let members = try JSON.decode(String(line.dropFirst(6))).object ?? [:]
      if members["message"] != nil { StandardOutput.write(form.bytes(members)) }
    }
    return next
  }
}

/// How lines of a log are printed.
struct LogForm {
  var isJSON = false
  /// Only what tasks printed, without the beginnings of lines.
  var isRaw = false
  /// Control characters are shown as text: a log must not steer a terminal.
  var escapes = false

  func bytes(_ line: ObjectValue) -> [UInt8] {
    let message = line["message"]?.string ?? ""
    let level = line["level"]?.string ?? ""
    if isRaw {
      guard level.hasPrefix("OUT") else { return [] }
      return Array((level == "OUT" ? message + "\n" : message).utf8)
    }
    if isJSON { return Array((JSON.encode(.object(line)) + "\n").utf8) }
    let place = line["task"]?.string ?? "attempt"
    let text = escapes ? Self.escaped(message) : message
    return Array("\(line["time"]?.string ?? "") [\(level)] (\(place)) \(text)\n".utf8)
  }

  private static func escaped(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      if (scalar.value < 0x20 && scalar.value != 9) || scalar.value == 0x7F {
        shown += "\\x\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }
}
