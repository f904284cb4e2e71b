import Foundation
import Logging
import ServiceLifecycle

@testable import Server

/// Runs a real server on a free port while a body uses it, then ends it.
func withLiveServer(
  _ settings: ServerSettings = ServerSettings(),
  _ body: (TestServer, Int) async throws -> Void
) async throws {
  var settings = settings
  settings.port = 0
  let server = try TestServer(settings: settings)
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let (ports, told) = AsyncStream.makeStream(of: Int.self)
  let service = TadoruServer(rooms: server.rooms, settings: settings, logger: logger) { port in
    told.yield(port)
  }
  let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { told.finish() }
      try await group.run()
    }
    for await port in ports {
      try await body(server, port)
      break
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
  }
}

/// A connection on which a test says exactly what it wants; closed when it is let go of.
///
/// Waiting for bytes is done on a thread of its own, so that the server's tasks can go on.
final class RawConnection: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  deinit { close(descriptor) }

  /// Sends what it can; a server that hung up is no error here.
  func send(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes {
      Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  /// Everything that comes until a text is in it, or until the server hangs up.
  func receive(until end: String? = nil) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [descriptor] in
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
          let count = recv(descriptor, &piece, piece.count, 0)
          guard count > 0 else { break }
          bytes += piece[..<count]
          if let end, String(decoding: bytes, as: UTF8.self).contains(end) { break }
        }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }
}
