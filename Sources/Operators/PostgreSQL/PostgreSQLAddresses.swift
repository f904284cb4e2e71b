import Glibc
import WorkflowEngine

/// The addresses that a server's name stands for, those that its network policy allows.
///
/// libpq is given addresses and does not look the name up again, so that what was judged is what is connected to.
struct PostgreSQLAddresses {
  private let host: String
  private let found: [IPAddress]

  /// Blocks while the name is looked up.
  ///
  /// - Throws: ``TaskFailure`` for what the policy refuses, ``PostgreSQLFailure`` for an unknown name.
  init(of server: PostgreSQLServer) throws {
    host = server.host
    guard !server.network.isOpen else {
      found = []
      return
    }
    // Both mean sockets of this machine; a comma would name several hosts.
    guard !host.isEmpty, !host.hasPrefix("/"), !host.hasPrefix("@"), !host.contains(",") else {
      throw NetworkPolicy.refusal(ofSocket: server.host)
    }
    try server.network.check(host: host, port: server.port)
    var allowed: [IPAddress] = []
    var refusal: TaskFailure?
    for address in try Self.lookUp(server) {
      do throws(TaskFailure) {
        try server.network.check(address, port: server.port, host: host)
        allowed.append(address)
      } catch {
        refusal = error
      }
    }
    if allowed.isEmpty, let refusal { throw refusal }
    found = allowed
  }

  /// libpq's keywords for them; the server's own password file is not for the tasks of others.
  var keywords: [(name: String, value: String)] {
    guard !found.isEmpty else { return [] }
    return [
      ("host", found.map { _ in host }.joined(separator: ",")),
      ("hostaddr", found.map(\.description).joined(separator: ",")),
      ("passfile", "/dev/null"),
    ]
  }

  private static func lookUp(_ server: PostgreSQLServer) throws -> [IPAddress] {
    var hints = addrinfo()
    // `SOCK_STREAM` of Linux, which the statically linked C library does not show to Swift.
    hints.ai_socktype = 1
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(server.host, nil, &hints, &first)
    defer { if let first { freeaddrinfo(first) } }
    guard code == 0 else {
      throw PostgreSQLFailure(
        "the host `\(server.host)` is unknown (\(String(cString: gai_strerror(code)))); check `host`"
      )
    }
    var addresses: [IPAddress] = []
    var next = first
    while let entry = next?.pointee {
      if let raw = entry.ai_addr, let address = IPAddress(socketAddress: raw) {
        addresses.append(address)
      }
      next = entry.ai_next
    }
    return addresses
  }
}
