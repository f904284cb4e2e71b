import CCurl
import Glibc
import Synchronization
import WorkflowEngine

/// Lets one handle of libcurl connect only to where a policy allows.
///
/// It is asked for every address before the socket is made, so what a name stands for at that moment counts; and before
/// every request, so that the target of a redirect counts on a connection that is there already.
final class ConnectionGuard: Sendable {
  private let policy: NetworkPolicy
  /// Where connections go instead of to the host of the address.
  private let proxy: (host: String, port: Int)?
  private let handle = Mutex<UInt>(0)
  private let found = Mutex<TaskFailure?>(nil)

  /// - Throws: ``TaskFailure`` for an address, or a proxy, whose host is refused as it is written.
  init(_ policy: NetworkPolicy, address: String, proxy: String? = nil) throws(TaskFailure) {
    self.policy = policy
    guard !policy.isOpen else {
      self.proxy = nil
      return
    }
    if let proxy {
      let place = try Self.place(of: proxy)
      try policy.check(host: place.host, port: place.port)
      self.proxy = place
    } else {
      self.proxy = nil
    }
    let place = try Self.place(of: address)
    try policy.check(host: place.host, port: place.port)
  }

  /// Why a connection or a request was refused; nil when none was.
  var refusal: TaskFailure? { found.withLock { $0 } }

  /// Must outlive the handle.
  func watch(_ handle: UnsafeMutableRawPointer) {
    guard !policy.isOpen else { return }
    self.handle.withLock { $0 = UInt(bitPattern: handle) }
    let me = Unmanaged.passUnretained(self).toOpaque()
    for option in [CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA] {
      _ = tadoru_curl_set_pointer(handle, option, me)
    }
    _ = tadoru_curl_set_open_socket(handle) { me, _, address in
      guard let address, let found = ConnectionGuard.from(me) else { return -1 }
      return found.open(address)
    }
    _ = tadoru_curl_set_before_request(handle) { me, _, _, _, _ in
      ConnectionGuard.from(me)?.mayAsk() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> ConnectionGuard? {
    pointer.map { Unmanaged<ConnectionGuard>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The socket for an address; -1 for none.
  private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    do throws(TaskFailure) {
      let target = try current()
      let place = proxy ?? target
      guard let raw = tadoru_curl_address(address), let goal = IPAddress(socketAddress: raw) else {
        throw NetworkPolicy.refusal(ofSocket: place.host)
      }
      if proxy != nil { try policy.check(host: target.host, port: target.port) }
      try policy.check(goal, port: place.port, host: place.host)
    } catch {
      found.withLock { $0 = error }
      return -1
    }
    let wanted = address.pointee
    return socket(wanted.family, wanted.socktype | Int32(SOCK_CLOEXEC.rawValue), wanted.protocol)
  }

  private func mayAsk() -> Bool {
    do throws(TaskFailure) {
      let target = try current()
      try policy.check(host: target.host, port: target.port)
      return true
    } catch {
      found.withLock { $0 = error }
      return false
    }
  }

  /// The host of the address that libcurl is at: that of the redirect it follows.
  private func current() throws(TaskFailure) -> (host: String, port: Int) {
    var text: UnsafeMutablePointer<CChar>?
    let pointer = UnsafeMutableRawPointer(bitPattern: handle.withLock { $0 })
    guard let pointer, tadoru_curl_text(pointer, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK,
      let text
    else { throw TaskFailure(.runtime, "libcurl does not tell where it connects to") }
    return try Self.place(of: String(cString: text))
  }

  /// Host and port as libcurl itself reads them, so that both mean the same.
  private static func place(of address: String) throws(TaskFailure) -> (host: String, port: Int) {
    guard let parts = curl_url() else { throw TaskFailure(.runtime, "libcurl is out of memory") }
    defer { curl_url_cleanup(parts) }
    let flags = UInt32(CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS)
    guard curl_url_set(parts, CURLUPART_URL, address, flags) == CURLUE_OK,
      let host = part(CURLUPART_HOST, of: parts), !host.isEmpty,
      let port = part(CURLUPART_PORT, of: parts).flatMap({ Int($0) })
    else {
      throw TaskFailure(.config, "an address without a host that can be read is not followed")
    }
    return (host, port)
  }

  private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(parts, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text
    else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
