import Access
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization
import Values
import WorkflowEngine

/// What an attempt says, also while it runs.
struct LogRoutes {
  let rooms: Rooms
  let settings: ServerSettings
  private let followers: Followers

  init(rooms: Rooms, settings: ServerSettings) {
    self.rooms = rooms
    self.settings = settings
    followers = Followers(most: settings.limits.followers)
  }

  var list: [Route] {
    [
      Route(
        .get,
        "/api/attempts/{id}/log",
        "what it said, as lines or as server-sent events (`Accept: text/event-stream`)",
        .project(.viewer, .attempt("id")),
        handler: log
      ).query(
        Parameter("task", .text(), "only tasks with this in their full names, and all below them"),
        Parameter("level", .oneOf(["debug", "info", "warning", "error"]), "only what is as loud"),
        Parameter("follow", .flag, "goes on until the attempt has ended", usual: "false")
      ).gives(.content("text/plain"), errors: [429])
    ]
  }

  private func log(_ exchange: Exchange) throws -> Answer {
    let query = exchange.query
    let isEvents = (exchange.request.headers[.accept] ?? "").contains("text/event-stream")
    let level = query.text("level").flatMap { word in
      [LogLevel.debug, .info, .warning, .error].first { "\($0)" == word }
    }
    let stream = LogStream(
      rooms: rooms,
      attempt: try exchange.id("id", "attempt"),
      filter: LogFilter(task: query.text("task"), minimum: level ?? .debug),
      offset: try Self.offset(exchange.header("Last-Event-ID")),
      form: isEvents ? .events : .lines,
      pause: query.flag("follow") ? settings.timeouts.followPause : nil
    )
    let place = query.flag("follow") ? try followers.join() : nil
    var answer = Answer(
      .ok,
      body: ResponseBody { writer in
        defer { place?.leave() }
        try await stream.send(to: &writer)
        try await writer.finish(nil)
      }
    )
    answer.headers[.contentType] = isEvents ? "text/event-stream" : "text/plain; charset=utf-8"
    return answer
  }

  /// Where a client that was cut off goes on.
  private static func offset(_ header: String?) throws -> UInt64 {
    guard let header, !header.isEmpty else { return 0 }
    guard let offset = UInt64(header), offset <= UInt64(Int64.max) else {
      throw ServerError(.badRequest, "`Last-Event-ID` must be one that this log gave")
    }
    return offset
  }
}

/// Those who follow logs: each holds a connection, so there is a limit.
private final class Followers: Sendable {
  private let count = Mutex(0)
  private let most: Int

  init(most: Int) { self.most = most }

  /// A place among them, given back when it is left or forgotten.
  final class Place: Sendable {
    private let followers: Followers
    private let isTaken = Mutex(true)

    init(_ followers: Followers) { self.followers = followers }

    func leave() {
      let wasTaken = isTaken.withLock { isTaken in
        defer { isTaken = false }
        return isTaken
      }
      if wasTaken { followers.count.withLock { $0 -= 1 } }
    }

    deinit { leave() }
  }

  func join() throws -> Place {
    let isIn = count.withLock { count in
      guard count < most else { return false }
      count += 1
      return true
    }
    guard isIn else { throw ServerError(.busy, "too many logs are followed at this time") }
    return Place(self)
  }
}

/// The lines of a log on their way to a client.
struct LogStream: Sendable {
  enum Form: Sendable {
    case lines
    /// Server-sent events: `id` is where the next line begins.
    case events
  }

  /// A client that hears nothing is sent a comment after so many pauses, to find out whether it is there.
  private static let pausesOfSilence = 50

  let rooms: Rooms
  let attempt: Int64
  let filter: LogFilter
  let offset: UInt64
  let form: Form
  /// Between two looks; nil to end with what is there.
  let pause: Duration?

  /// Ends when all was sent, the attempt has ended, or the server is about to.
  @concurrent func send(to writer: inout any ResponseBodyWriter) async throws {
    var reader: LogReader?
    var place = offset
    var silence = 0
    while true {
      // Asked before reading: what was said until the end is then in the file.
      let isOver = try pause == nil || rooms.history.attempt(attempt)?.status != .running
      if reader == nil { reader = try rooms.logReader(attempt, from: offset) }
      while let entries = try reader?.next() {
        let piece = bytes(entries, &place)
        guard !piece.isEmpty else { continue }
        silence = 0
        try await writer.write(ByteBuffer(bytes: piece))
      }
      guard !isOver, let pause, !Task.isShuttingDownGracefully else { break }
      if silence % Self.pausesOfSilence == 0, form == .events {
        try await writer.write(ByteBuffer(string: ": waiting\n\n"))
      }
      silence += 1
      try await Task.sleep(for: pause)
    }
    if form == .events, !Task.isShuttingDownGracefully {
      try await writer.write(ByteBuffer(string: "id: \(place)\nevent: end\ndata: {}\n\n"))
    }
  }

  private func bytes(_ entries: [LogReader.Entry], _ place: inout UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries {
      place = entry.end
      guard filter.wants(entry.line) else { continue }
      switch form {
      case .lines: bytes += LogText.bytes(entry.line)
      case .events: bytes += Array(event(entry).utf8)
      }
    }
    return bytes
  }

  /// JSON holds no line breaks, so that one `data` line is enough.
  private func event(_ entry: LogReader.Entry) -> String {
    let line: Value = [
      "time": .string(entry.line.time), "level": .string(entry.line.level.rawValue),
      "task": .text(entry.line.task), "message": .string(entry.line.text),
    ]
    return "id: \(entry.end)\ndata: \(JSON.encode(line))\n\n"
  }
}
