import CCurl
import Foundation
import Synchronization
import Values
import WorkflowEngine

/// Sends one request through libcurl.
enum HTTPClient {
  /// Returns whatever the server answered.
  ///
  /// libcurl blocks, so it runs on a thread of its own; a cancelled task ends it within a second or so.
  /// - Parameters:
  ///   - request: what to ask.
  ///   - network: where it may go; what it refuses is not tried.
  /// - Returns: an answer, of whatever status.
  /// - Throws: ``HTTPFailure`` when there is no answer, ``TaskFailure`` without libcurl and for what `network` refuses,
  ///   `CancellationError`.
  static func send(
    _ request: HTTPRequest,
    within network: NetworkPolicy
  ) async throws
    -> HTTPResponse
  {
    try CurlLibrary.open()
    let connections = try ConnectionGuard(
      network,
      address: request.address.text,
      proxy: request.proxy
    )
    let transfer = HTTPTransfer(request, connections)
    let result: Result<HTTPResponse, HTTPFailure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: transfer.perform()) }.start()
      }
    } onCancel: {
      transfer.cancel()
    }
    try Task.checkCancellation()
    if let refusal = connections.refusal, case .failure = result { throw refusal }
    return try result.get()
  }
}

/// No answer came.
struct HTTPFailure: Error, Sendable {
  /// What went wrong; names neither address nor credentials.
  let reason: String
  /// True when the address itself cannot be used, so that trying again is no use.
  let isHopeless: Bool
}

/// One request on its way: owns the handle and everything that libcurl's callbacks reach.
final class HTTPTransfer: Sendable {
  private let request: HTTPRequest
  private let connections: ConnectionGuard
  private let isCancelled = Atomic(false)
  private let response = Mutex(HTTPResponse())
  /// Why the file for the body could not be written.
  private let fileTrouble = Mutex<String?>(nil)

  init(_ request: HTTPRequest, _ connections: ConnectionGuard) {
    self.request = request
    self.connections = connections
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Blocks until the answer is there.
  func perform() -> Result<HTTPResponse, HTTPFailure> {
    guard let handle = curl_easy_init() else {
      return .failure(
        HTTPFailure(reason: "libcurl gave no handle: out of memory", isHopeless: true)
      )
    }
    defer { curl_easy_cleanup(handle) }
    var list: UnsafeMutablePointer<curl_slist>?
    for header in request.headers {
      list = curl_slist_append(
        list,
        "\(header.name)\(header.value.isEmpty ? ";" : ": " + header.value)"
      )
    }
    // Without these libcurl would wait for leave to send a long body, and name a type of its own.
    list = curl_slist_append(list, "Expect:")
    if !request.has("Content-Type") { list = curl_slist_append(list, "Content-Type:") }
    defer { curl_slist_free_all(list) }
    _ = tadoru_curl_set_list(handle, CURLOPT_HTTPHEADER, list)
    configure(handle)
    connections.watch(handle)
    configureMethod(handle)
    let code = curl_easy_perform(handle)
    guard code == CURLE_OK else {
      if let trouble = fileTrouble.withLock({ $0 }) {
        return .failure(HTTPFailure(reason: trouble, isHopeless: true))
      }
      let isHopeless = [CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL].contains(code)
      return .failure(
        HTTPFailure(reason: String(cString: curl_easy_strerror(code)), isHopeless: isHopeless)
      )
    }
    var status = 0
    _ = tadoru_curl_number(handle, CURLINFO_RESPONSE_CODE, &status)
    var answer = response.withLock { $0 }
    answer.status = status
    return .success(answer)
  }

  private func configure(_ handle: UnsafeMutableRawPointer) {
    _ = tadoru_curl_set_text(handle, CURLOPT_URL, request.address.text)
    _ = tadoru_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    _ = tadoru_curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    // Empty: the proxies of the environment do not count, only that of the task.
    _ = tadoru_curl_set_text(handle, CURLOPT_PROXY, request.proxy ?? "")
    if request.isForPeople {
      _ = tadoru_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "")
    } else {
      _ = tadoru_curl_set_number(handle, CURLOPT_PATH_AS_IS, 1)
    }
    _ = tadoru_curl_set_text(handle, CURLOPT_USERAGENT, "tadoru")
    if let user = request.user {
      _ = tadoru_curl_set_text(handle, CURLOPT_USERNAME, user.reveal())
      _ = tadoru_curl_set_text(handle, CURLOPT_PASSWORD, request.password?.reveal() ?? "")
    }
    let milliseconds = Int(min(request.timeout * 1000, 1e9).rounded(.up))
    _ = tadoru_curl_set_number(handle, CURLOPT_TIMEOUT_MS, milliseconds)
    if let stall = request.stallTimeout {
      _ = tadoru_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(stall * 1000))
      _ = tadoru_curl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
      _ = tadoru_curl_set_number(handle, CURLOPT_LOW_SPEED_TIME, Int(stall.rounded(.up)))
    }
    _ = tadoru_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
    _ = tadoru_curl_set_number(handle, CURLOPT_MAXREDIRS, 8)
    _ = tadoru_curl_set_number(handle, CURLOPT_SSL_VERIFYPEER, request.isInsecure ? 0 : 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_SSL_VERIFYHOST, request.isInsecure ? 0 : 2)
    // No signals: the handle lives on a thread.
    _ = tadoru_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_NOPROGRESS, 0)
    let me = Unmanaged.passUnretained(self).toOpaque()
    for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA] {
      _ = tadoru_curl_set_pointer(handle, option, me)
    }
    _ = tadoru_curl_set_write(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
      HTTPTransfer.from(me)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
    }
    _ = tadoru_curl_set_write(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      HTTPTransfer.from(me)?.hear(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
    }
    _ = tadoru_curl_set_progress(handle) { me, _, _, _, _ in
      HTTPTransfer.from(me)?.isCancelled.load(ordering: .relaxed) == true ? 1 : 0
    }
  }

  /// GET, HEAD and POST by libcurl's own names, so that a redirect may turn a POST into a GET as browsers do.
  private func configureMethod(_ handle: UnsafeMutableRawPointer) {
    if request.method == "POST" { _ = tadoru_curl_set_number(handle, CURLOPT_POST, 1) }
    if let body = request.body ?? (request.method == "POST" ? [] : nil) {
      _ = tadoru_curl_set_number(handle, CURLOPT_POSTFIELDSIZE, body.count)
      var copy = body + [0]  // why: an empty array may have no address, and a null body means none
      copy.withUnsafeMutableBytes { bytes in
        _ = tadoru_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
      }
    }
    switch request.method {
    case "POST": break
    case "GET" where request.body == nil: break
    case "HEAD": _ = tadoru_curl_set_number(handle, CURLOPT_NOBODY, 1)
    default: _ = tadoru_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> HTTPTransfer? {
    pointer.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    response.withLock { response in
      switch request.keeping {
      case .file(let file) where (200..<300).contains(response.status):
        guard write(bytes, to: file) else { return 0 }
      case .file: keep(bytes, HTTPResponse.longestBody, &response)
      case .start(let limit): keep(bytes, limit, &response)
      }
      response.bodyLength += bytes.count
      return bytes.count
    }
  }

  private func keep(
    _ bytes: UnsafeRawBufferPointer,
    _ limit: Int,
    _ response: inout HTTPResponse
  ) {
    response.body += bytes.prefix(max(0, limit - response.body.count))
  }

  private func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let trouble = "the file cannot be written: \(String(cString: strerror(errno)))"
        fileTrouble.withLock { $0 = trouble }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }

  /// One line of the head; that of a redirect is followed by that of the answer, which then counts.
  private func hear(_ bytes: UnsafeRawBufferPointer) -> Int {
    let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines
    )
    response.withLock { response in
      if line.hasPrefix("HTTP/") {
        response = HTTPResponse()
        // why here: where the body goes depends on it
        response.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        response.reason = line.split(separator: " ", maxSplits: 2).dropFirst(2).joined()
      }
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard parts.count == 2, !line.hasPrefix("HTTP/") else { return }
      response.headers.append(HTTPRequest.Header(name: parts[0], value: parts[1]))
      switch parts[0].lowercased() {
      case "content-type": response.contentType = parts[1]
      case "retry-after": response.retryAfter = Double(parts[1])
      default: break
      }
    }
    return bytes.count
  }
}
