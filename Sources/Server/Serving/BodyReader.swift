import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import Values

/// Takes in the body of a request, within a size and a time.
struct BodyReader: Sendable {
  let settings: ServerSettings

  /// The JSON body; an empty object when there is none.
  ///
  /// - Throws: ``ServerError`` `wrongType`, `tooLarge`, `timeout`; `JSONError`.
  func json(_ request: Request, _ schema: Schema) async throws -> Fields {
    let bytes = try await bytes(request, limit: settings.limits.json)
    guard !bytes.isEmpty else { return Fields() }
    guard Self.mediaType(of: request) == "application/json" else {
      throw ServerError(
        .wrongType,
        "the body must be JSON",
        hint: "send `Content-Type: application/json`"
      )
    }
    return try Fields(JSON.decode(utf8: bytes), known: schema.memberNames)
  }

  /// The fields of a form; those that were left empty are missing.
  ///
  /// - Throws: ``ServerError`` `wrongType`, `tooLarge`, `timeout`, and `badRequest` for what is no form, or not this one.
  func form(_ request: Request, known: [String]) async throws -> Fields {
    let bytes = try await bytes(request, limit: settings.limits.form)
    guard !bytes.isEmpty else { return Fields() }
    guard Self.mediaType(of: request) == "application/x-www-form-urlencoded" else {
      throw ServerError(.wrongType, "the body must be a form: `application/x-www-form-urlencoded`")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ServerError(.badRequest, "the form is not UTF-8")
    }
    var members: ObjectValue = [:]
    for (name, value) in try RequestPath.pairs(of: text[...]) {
      guard members[name] == nil else {
        throw ServerError(.badRequest, "the form has `\(name.prefix(60))` twice")
      }
      members[name] = .string(value)
    }
    let all = try Fields(.object(members), known: known).members
    return Fields(ObjectValue(zip(all.keys, all.values).filter { $0.1.string?.isEmpty == false }))
  }

  private static func mediaType(of request: Request) -> String {
    let type = (request.headers[.contentType] ?? "").split(separator: ";").first ?? ""
    return type.trimmingCharacters(in: .whitespaces).lowercased()
  }

  private func bytes(_ request: Request, limit: Int) async throws -> [UInt8] {
    try checkLength(request, limit)
    return try await within(settings.timeouts.body) { _ in
      var bytes: [UInt8] = []
      for try await piece in request.body {
        bytes.append(contentsOf: piece.readableBytesView)
        guard bytes.count <= limit else { throw Self.tooLarge(limit) }
      }
      return bytes
    }
  }

  /// Writes the body into a file that must not exist yet, in pieces as they come.
  func file(_ request: Request, path: String) async throws {
    let limit = settings.limits.archive
    try checkLength(request, limit)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    try await within(settings.timeouts.archivePiece) { progress in
      var count = 0
      for try await piece in request.body {
        progress.made()
        count += piece.readableBytes
        guard count <= limit else { throw Self.tooLarge(limit) }
        try piece.withUnsafeReadableBytes { try Self.write($0, to: descriptor) }
      }
    }
  }

  private func checkLength(_ request: Request, _ limit: Int) throws {
    let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard length <= limit else { throw Self.tooLarge(limit) }
  }

  private static func tooLarge(_ limit: Int) -> ServerError {
    ServerError(.tooLarge, "the body has more than \(limit) bytes")
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var done = 0
    while done < bytes.count {
      let written = Foundation.write(
        descriptor,
        bytes.baseAddress.map { $0 + done },
        bytes.count - done
      )
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
      done += written
    }
  }

  /// When something came last.
  private final class Progress: Sendable {
    private let last = Mutex(ContinuousClock.now)

    func made() { last.withLock { $0 = .now } }
    var lastTime: ContinuousClock.Instant { last.withLock { $0 } }
  }

  /// - Throws: ``ServerError`` `timeout` when nothing was made for that long.
  private func within<T: Sendable>(
    _ time: Duration,
    _ body: @escaping @Sendable (Progress) async throws -> T
  ) async throws -> T {
    let progress = Progress()
    return try await withThrowingTaskGroup(of: T?.self) { group in
      group.addTask { try await body(progress) }
      group.addTask {
        while true {
          let end = progress.lastTime + time
          if end <= .now { return nil }
          try await Task.sleep(until: end, clock: .continuous)
        }
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else {
        throw ServerError(.timeout, "the body of the request did not come in time")
      }
      return result
    }
  }
}
