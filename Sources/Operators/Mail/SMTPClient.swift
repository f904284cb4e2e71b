import CCurl
import Foundation
import Synchronization
import Values
import WorkflowEngine

/// Delivers a message to an SMTP server through libcurl.
struct SMTPClient: Sendable {
  let server: MailServer
  /// Gets each line of the dialogue, credentials left out.
  var trace: @Sendable (String) -> Void = { _ in }

  /// Sends one message and returns when the server has accepted it.
  ///
  /// libcurl blocks, so it runs on a thread of its own; a cancelled task ends it within a second or so.
  /// - Throws: ``TaskFailure`` with the command that was refused and the server's own words.
  func send(
    _ mime: [UInt8],
    from sender: String,
    to recipients: [String]
  ) async throws -> SMTPReceipt {
    try CurlLibrary.open()
    let connections = try ConnectionGuard(server.network, address: server.address)
    let transfer = SMTPTransfer(
      server: server,
      connections: connections,
      trace: trace,
      mime: mime
    )
    let result: Result<SMTPReceipt, TaskFailure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: transfer.perform(from: sender, to: recipients)) }
          .start()
      }
    } onCancel: {
      transfer.cancel()
    }
    try Task.checkCancellation()
    if let refusal = connections.refusal, case .failure = result { throw refusal }
    return try result.get()
  }
}

/// What a server said when it accepted a message.
struct SMTPReceipt: Sendable, Hashable {
  /// As `250 2.0.0 queued as 4F1A`.
  let reply: String
  /// False when the server offered no way to log in, so that a user name and password went unused.
  let offersAuthentication: Bool
}

/// One delivery: owns the handle and everything that libcurl's callbacks reach.
final class SMTPTransfer: Sendable {
  private struct State {
    var dialogue: SMTPDialogue
    var sentBytes = 0
    var lastActivity = ContinuousClock.now
    var handle: UInt = 0
    var complaint: String?
  }

  private let server: MailServer
  private let connections: ConnectionGuard
  private let trace: @Sendable (String) -> Void
  private let mime: [UInt8]
  private let isCancelled = Atomic(false)
  private let state: Mutex<State>

  init(
    server: MailServer,
    connections: ConnectionGuard,
    trace: @escaping @Sendable (String) -> Void,
    mime: [UInt8]
  ) {
    self.server = server
    self.connections = connections
    self.trace = trace
    self.mime = mime
    state = Mutex(State(dialogue: SMTPDialogue(hiding: [server.password].compactMap(\.self))))
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Blocks until the message is accepted or refused.
  func perform(from sender: String, to recipients: [String]) -> Result<SMTPReceipt, TaskFailure> {
    guard let handle = curl_easy_init() else {
      return .failure(TaskFailure(.runtime, "libcurl gave no handle: out of memory"))
    }
    defer { curl_easy_cleanup(handle) }
    state.withLock { $0.handle = UInt(bitPattern: handle) }
    var list: UnsafeMutablePointer<curl_slist>?
    for recipient in recipients { list = curl_slist_append(list, "<\(recipient)>") }
    defer { curl_slist_free_all(list) }
    let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    defer { words.deallocate() }
    _ = tadoru_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    configure(handle)
    _ = tadoru_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
    _ = tadoru_curl_set_list(handle, CURLOPT_MAIL_RCPT, list)
    let code = curl_easy_perform(handle)
    let (dialogue, complaint) = state.withLock { ($0.dialogue, $0.complaint) }
    if code == CURLE_OK {
      return .success(
        SMTPReceipt(
          reply: dialogue.reply.joined(separator: " / "),
          offersAuthentication: dialogue.offersAuthentication
        )
      )
    }
    let problem =
      String(cString: words).isEmpty
      ? String(cString: curl_easy_strerror(code)) : String(cString: words)
    return .failure(
      SMTPFailure(
        server: server,
        code: code,
        problem: problem,
        complaint: complaint,
        dialogue: dialogue
      ).taskFailure
    )
  }

  private func configure(_ handle: UnsafeMutableRawPointer) {
    _ = tadoru_curl_set_text(handle, CURLOPT_URL, server.address)
    connections.watch(handle)
    _ = tadoru_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    _ = tadoru_curl_set_text(handle, CURLOPT_PROXY, "")
    let demand = server.encryption == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
    _ = tadoru_curl_set_number(handle, CURLOPT_USE_SSL, Int(demand.rawValue))
    if let file = server.authorityFile { _ = tadoru_curl_set_text(handle, CURLOPT_CAINFO, file) }
    if let username = server.username {
      _ = tadoru_curl_set_text(handle, CURLOPT_USERNAME, username)
    }
    if let password = server.password {
      _ = tadoru_curl_set_text(handle, CURLOPT_PASSWORD, password.reveal())
    }
    // No signals: the handle lives on a thread. The limits are kept by `progress`, which tells connecting from waiting.
    _ = tadoru_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT, 3600)
    _ = tadoru_curl_set_number(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, 3600)
    // Else closing the handle would say QUIT and wait for the answer of a server that was just given up.
    _ = tadoru_curl_set_number(handle, CURLOPT_FORBID_REUSE, 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_UPLOAD, 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_VERBOSE, 1)
    _ = tadoru_curl_set_number(handle, CURLOPT_NOPROGRESS, 0)
    let me = Unmanaged.passUnretained(self).toOpaque()
    for option in [CURLOPT_READDATA, CURLOPT_DEBUGDATA, CURLOPT_XFERINFODATA] {
      _ = tadoru_curl_set_pointer(handle, option, me)
    }
    _ = tadoru_curl_set_read(handle) { buffer, size, count, me in
      SMTPTransfer.from(me)?.read(into: buffer, atMost: size * count) ?? 0
    }
    _ = tadoru_curl_set_debug(handle) { _, kind, text, size, me in
      SMTPTransfer.from(me)?.heard(kind, text, size)
      return 0
    }
    _ = tadoru_curl_set_progress(handle) { me, _, _, _, _ in
      SMTPTransfer.from(me)?.mustStop() == true ? 1 : 0
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> SMTPTransfer? {
    pointer.map { Unmanaged<SMTPTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private func read(into buffer: UnsafeMutablePointer<CChar>?, atMost limit: Int) -> Int {
    guard let buffer else { return 0 }
    return state.withLock { state in
      let count = min(limit, mime.count - state.sentBytes)
      mime.withUnsafeBytes { bytes in
        UnsafeMutableRawBufferPointer(start: buffer, count: count)
          .copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[state.sentBytes..<state.sentBytes + count])
          )
      }
      state.sentBytes += count
      state.lastActivity = .now
      return count
    }
  }

  private func heard(_ kind: curl_infotype, _ text: UnsafeMutablePointer<CChar>?, _ size: Int) {
    guard let text else { return }
    let bytes = UnsafeRawBufferPointer(start: text, count: size)
    let shown: [String] = state.withLock { state in
      // libcurl's own remarks (as "Trying 10.0.0.1") do not count as a sign of life of the server.
      if kind != CURLINFO_TEXT { state.lastActivity = .now }
      guard kind == CURLINFO_HEADER_IN || kind == CURLINFO_HEADER_OUT else { return [] }
      let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }.map {
        String(decoding: $0, as: UTF8.self)
      }
      return lines.map { line in
        kind == CURLINFO_HEADER_IN
          ? "< " + state.dialogue.received(line) : "> " + state.dialogue.sent(line)
      }
    }
    for line in shown { trace(line) }
  }

  /// Asked by libcurl about once a second, and more often while data flows.
  private func mustStop() -> Bool {
    if isCancelled.load(ordering: .relaxed) { return true }
    return state.withLock { state in
      let silence = ContinuousClock.now - state.lastActivity
      if state.dialogue.isClosing { return silence > .seconds(2) }
      var connectTime: curl_off_t = 0
      if let handle = UnsafeMutableRawPointer(bitPattern: state.handle) {
        _ = tadoru_curl_microseconds(handle, CURLINFO_CONNECT_TIME_T, &connectTime)
      }
      if silence > server.readTimeout {
        state.complaint = "no answer for \(server.readTimeout.components.seconds) s"
      } else if connectTime == 0, silence > server.connectTimeout {
        state.complaint = "no connection within \(server.connectTimeout.components.seconds) s"
      }
      return state.complaint != nil
    }
  }
}
