import SQLWarehouse
import Values
import WorkflowEngine
import WorkflowLanguage

/// An HTTP address that rows are sent to.
///
/// Settings: `url`, `path` (appended to it), `method` (POST, or PUT), `format` (json: a list of maps; jsonl, csv, tsv),
/// `compression`, `headers` (a list of maps, or a map), `user` and `password`, `rows_per_request` (all in one), `timeout` (60 s),
/// `retry` (true for PUT, else false), `insecure`.
struct RequestDestination: ResultDestination {
  /// The longest body of one request.
  static let mostBytes = 64 << 20
  private static let mostTries = 6

  private let request: HTTPRequest
  private let network: NetworkPolicy
  private let format: RowFormat
  private let rowsPerRequest: Int
  private let tries: Int
  private let pause: @Sendable (Duration) async throws -> Void

  init(
    _ settings: Parameters,
    isSecret: Bool,
    network: NetworkPolicy,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) throws {
    self.pause = pause
    self.network = network
    var url = try settings.requiredText("url")
    if let path = try settings.text("path"), !path.isEmpty {
      url =
        (url.hasSuffix("/") ? String(url.dropLast()) : url) + (path.hasPrefix("/") ? "" : "/")
        + path
    }
    var request = HTTPRequest(address: try HTTPAddress(url, isSecret: isSecret))
    request.method = try (settings.text("method") ?? "POST").uppercased()
    guard ["POST", "PUT"].contains(request.method) else {
      throw TaskFailure(.config, "`method` must be POST or PUT, found `\(request.method)`")
    }
    format = try RowFormat(settings, file: "", default: .json)
    guard format.kind != .parquet else {
      throw TaskFailure(
        .config,
        "`format` of requests must be json, jsonl, csv or tsv, found parquet"
      )
    }
    request.headers = try Self.headers(settings)
    if !request.has("Content-Type") {
      request.headers.append(.init(name: "Content-Type", value: format.mediaType))
    }
    request.user = try settings.text("user").map { Secret($0) }
    request.password = try settings.text("password").map { Secret($0) }
    request.timeout = try settings.seconds("timeout") ?? 60
    request.isInsecure = try settings.bool("insecure")
    let retries = try settings.bool("retry", default: request.method == "PUT")
    tries = retries ? Self.mostTries : 1
    rowsPerRequest = Int(try settings.int("rows_per_request") ?? Int64.max)
    guard rowsPerRequest > 0, request.timeout > 0 else {
      throw TaskFailure(.config, "`rows_per_request` and `timeout` must be more than 0")
    }
    self.request = request
  }

  private static func headers(_ settings: Parameters) throws -> [HTTPRequest.Header] {
    guard let written = settings.value("headers") else { return [] }
    let maps = try written.object.map { [Value.object($0)] } ?? settings.list("headers") ?? []
    return try maps.flatMap { entry in
      guard let pairs = entry.object else {
        throw TaskFailure(.config, "each element of `headers` must be a map as `Accept: text/csv`")
      }
      return try pairs.map { try HTTPRequest.header($0, $1.isNull ? "" : $1.text) }
    }
  }

  var shown: String { request.shown }

  func write(_ rows: ResultRows) async throws -> QueryResult {
    var body = RequestBody(format)
    var sent = 0
    let result = try await rows.forEachBatch { batch in
      var rest = batch.rows[...]
      repeat {
        let part = rest.prefix(rowsPerRequest - body.rowCount)
        try body.append(RowBatch(columns: batch.columns, rows: Array(part)))
        rest = rest.dropFirst(part.count)
        if body.rowCount == rowsPerRequest {
          try await send(try body.finish())
          sent += 1
          body = RequestBody(format)
        }
      } while !rest.isEmpty
    }
    if body.rowCount > 0 || sent == 0 { try await send(try body.finish()) }
    return result
  }

  private func send(_ body: [UInt8]) async throws {
    var request = request
    request.body = body
    var delay = Duration.seconds(1)
    for number in 1...tries {
      guard let failure = try await trouble(request) else { return }
      guard number < tries else { throw failure }
      try await pause(delay)
      delay = min(delay * 2, .seconds(30))
    }
  }

  /// Sends once: nil for a success, else what may pass.
  private func trouble(_ request: HTTPRequest) async throws -> TaskFailure? {
    do {
      let response = try await HTTPClient.send(request, within: network)
      if (200..<300).contains(response.status) { return nil }
      let failure = TaskFailure(
        .runtime,
        "the result was refused: \(request.shown) - \(response.shown): \(response.text.prefix(200))"
      )
      guard response.status >= 500 || [408, 429].contains(response.status) else { throw failure }
      return failure
    } catch let trouble as HTTPFailure {
      let words = "the result was not sent: \(request.shown) - \(trouble.reason)"
      if trouble.isHopeless { throw TaskFailure(.config, words) }
      return TaskFailure(.runtime, words)
    }
  }
}

/// The body of one request in the making.
private struct RequestBody {
  private(set) var rowCount = 0
  private var encoder: RowEncoder
  private var bytes: [UInt8] = []

  init(_ format: RowFormat) { encoder = RowEncoder(format) }

  mutating func append(_ batch: RowBatch) throws(TaskFailure) {
    bytes += encoder.encode(batch)
    rowCount += batch.rows.count
    guard bytes.count <= RequestDestination.mostBytes else {
      throw TaskFailure(
        .config,
        "the result has more than \(RequestDestination.mostBytes >> 20) MiB, too much for one request; set `rows_per_request`"
      )
    }
  }

  mutating func finish() throws(TaskFailure) -> [UInt8] {
    bytes += encoder.end()
    guard encoder.format.isPacked else { return bytes }
    var packer = try GzipStream()
    return packer.pack(bytes, isLast: true)
  }
}
