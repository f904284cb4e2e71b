import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
public import ServiceLifecycle

/// Listens and answers until it is told to end.
public struct TadoruServer: Service {
  private let door: FrontDoor
  private let settings: ServerSettings
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// Tells the port once, when requests are answered.
  public init(
    rooms: Rooms,
    settings: ServerSettings,
    logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void
  ) {
    door = FrontDoor(rooms: rooms, settings: settings, logger: logger)
    self.settings = settings
    self.logger = logger
    self.onListening = onListening
  }

  /// Ends some seconds after a graceful shutdown at the latest, whatever clients do.
  ///
  /// - Throws: when the address cannot be had, or the certificate cannot be read.
  public func run() async throws {
    let onListening = onListening
    let application = Application(
      responder: Reception(door: door, linger: settings.timeouts.shutdown),
      server: try transport(),
      configuration: ApplicationConfiguration(
        address: .hostname(settings.bind, port: settings.port)
      ),
      onServerRunning: { channel in await onListening(channel.localAddress?.port ?? 0) },
      logger: quiet
    )
    var configuration = ServiceGroupConfiguration(services: [application], logger: quiet)
    // A half-sent request keeps Hummingbird from ending; cancelling it after a while does not.
    configuration.maximumGracefulShutdownDuration = settings.timeouts.shutdown
    try await ServiceGroup(configuration: configuration).run()
  }

  /// The libraries tell of each connection; that is of use only to who asks for it.
  private var quiet: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    return logger
  }

  private func transport() throws -> HTTPServerBuilder {
    let plain = HTTPServerBuilder.http1(
      configuration: .init(
        idleTimeout: TimeAmount(settings.timeouts.idle),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: settings.limits.headers,
          maxHeaderListSize: settings.limits.headers,
          maxHeaderFieldCount: 100
        )
      )
    )
    guard let certificate = settings.certificateFile, let key = settings.keyFile else {
      return plain
    }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
    )
    tls.minimumTLSVersion = .tlsv12
    return try .tls(plain, tlsConfiguration: tls)
  }
}

/// The end of one connection, as Hummingbird hands it over.
struct Connection: InitializableFromSource {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}

/// Hands requests to the front door.
struct Reception: HTTPResponder {
  let door: FrontDoor
  let linger: Duration

  func respond(to request: Request, context: Connection) async throws -> Response {
    let channel = context.channel
    var response = await door.answer(request, address: channel.remoteAddress?.ipAddress ?? "")
    if [408, 413].contains(response.status.code) {
      // The rest of the body is of no use: read on for a moment, so that the client sees the answer, and then no more.
      response.headers[.connection] = "close"
      channel.eventLoop.scheduleTask(in: TimeAmount(linger)) { channel.close(promise: nil) }
    }
    return response
  }
}
