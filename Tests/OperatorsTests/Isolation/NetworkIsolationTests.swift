import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Requests of tasks on a shared server, to a real server that only the rules keep them from.
@Suite struct NetworkIsolationTests {
  private static let refused = "tasks of this server may not reach"

  /// The words of the failure; `PORT` in the address is the server's.
  private func words(
    _ address: String,
    _ server: HTTPServer,
    network: NetworkPolicy = .publicOnly,
    _ keys: ObjectValue = [:]
  ) async throws -> String {
    let task = try TestTask(
      isolation: TaskIsolation(network: network, processes: .open, files: .open)
    )
    let text = address.replacing("PORT", with: "\(server.port)")
    let local = ObjectValue([("_command", .string(text)), ("retry", false), ("timeout", 5)])
    return await task.failure(HTTPOperator(), local.merging(keys))
  }

  // The spellings of the loopback address that a resolver takes, and the other addresses that are nobody's business.
  @Test(
    arguments: [
      "127.0.0.1", "localhost", "LOCALHOST", "LocalHost", "127.1", "127.0.1", "2130706433",
      "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.001", "0.0.0.0", "0",
      "127.255.255.254", "%31%32%37.0.0.1", "127%2E0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]",
      "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]",
      "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[2001:db8::1]",
      "169.254.169.254", "2852039166", "0xa9fea9fe", "[::ffff:169.254.169.254]",
      "[fd00:ec2::254]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[fec0::1]", "10.0.0.1",
      "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "198.18.0.1", "192.0.2.1",
      "198.51.100.1", "203.0.113.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
      "user@127.0.0.1", "user:word@localhost", "example.com@127.0.0.1",
      "example.com%40@127.0.0.1",
    ]
  )
  func `an address that is not public is refused however it is written`(host: String) async throws {
    let server = try HTTPServer()
    let words = try await words("http://\(host):PORT/told", server)
    #expect(words.contains(Self.refused), "\(words)")
    #expect(words.contains("isolation.network.private_addresses") && words.hasSuffix("(config)"))
  }

  @Test(
    arguments: [
      "http://127.0.0.1:PORT#@example.com/", "http://127.0.0.1:PORT?@example.com/",
      "HTTP://127.0.0.1:PORT/", "  http://127.0.0.1:PORT/", "http://127.0.0.1:PORT/../..//",
      "http://example.com:80@127.0.0.1:PORT/",
    ]
  )
  func `what stands around the host does not hide it`(address: String) async throws {
    let words = try await words(address, HTTPServer())
    #expect(words.contains(Self.refused), "\(words)")
  }

  @Test(
    arguments: [
      "file:///etc/passwd", "gopher://127.0.0.1:PORT/_GET", "dict://127.0.0.1:PORT/",
      "ftp://127.0.0.1/", "ldap://127.0.0.1/", "//127.0.0.1:PORT/", "http:///told",
      "http:127.0.0.1:PORT/", "unix:///run/docker.sock", "jar:http://127.0.0.1/",
    ]
  )
  func `other schemes are no addresses`(address: String) async throws {
    let words = try await words(address, HTTPServer())
    #expect(words.contains("expected an address as `https://host/path`"), "\(words)")
  }

  @Test func `the same server is reached where everything is open`() async throws {
    let server = try HTTPServer()
    for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1"] {
      #expect(try await words("http://\(host):PORT/told", server, network: .open) == "no failure")
    }
  }

  @Test func `an administrator can open private addresses, or one of them`() async throws {
    let server = try HTTPServer()
    let all = NetworkPolicy(allowsPrivateAddresses: true, hosts: [try HostRule("localhost")])
    #expect(try await words("http://localhost:PORT/told", server, network: all) == "no failure")
    #expect(
      try await words("http://127.0.0.1:PORT/told", server, network: all)
        .contains("not among the hosts of `isolation.network.hosts`")
    )
    let one = NetworkPolicy(
      allowsPrivateAddresses: false,
      hosts: [try HostRule("127.0.0.1:\(server.port)")]
    )
    for host in ["127.0.0.1", "localhost", "0x7f000001"] {
      #expect(try await words("http://\(host):PORT/told", server, network: one) == "no failure")
    }
    let other = try HTTPServer()
    #expect(try await words("http://127.0.0.1:PORT/", other, network: one).contains(Self.refused))
  }

  // As with DNS that answers otherwise the second time: the name is allowed, the address counts.
  @Test func `an allowed name does not open what it stands for`() async throws {
    let network = NetworkPolicy(allowsPrivateAddresses: false, hosts: [try HostRule("localhost")])
    let words = try await words("http://localhost:PORT/told", HTTPServer(), network: network)
    #expect(words.contains("`localhost:") && words.contains("its address is loopback"), "\(words)")
  }

  @Test(
    arguments: [
      "http://localhost:OTHER/told", "http://127.0.0.1:OTHER/told", "http://[::1]:OTHER/",
      "http://0x7f000001:OTHER/", "//127.0.0.1:OTHER/told", "http://169.254.169.254/latest",
      "http://user@10.0.0.1/", "http://[::ffff:10.0.0.1]/", "https://192.168.0.1/",
    ]
  )
  func `a redirect is followed only to where the task may go itself`(target: String) async throws {
    let (server, other) = (try HTTPServer(), try HTTPServer())
    let network = NetworkPolicy(
      allowsPrivateAddresses: false,
      hosts: [try HostRule("*"), try HostRule("127.0.0.1:\(server.port)")]
    )
    let goal = target.replacing("OTHER", with: "\(other.port)")
    let words = try await words("http://127.0.0.1:PORT/goto?to=\(goal)", server, network: network)
    #expect(words.contains(Self.refused), "\(words)")
  }

  @Test(arguments: ["file:///etc/passwd", "gopher://127.0.0.1:1/", "ftp://127.0.0.1/"])
  func `a redirect to another scheme is not followed`(target: String) async throws {
    let server = try HTTPServer()
    let network = NetworkPolicy(allowsPrivateAddresses: true, hosts: [try HostRule("127.0.0.1")])
    let words = try await words("http://127.0.0.1:PORT/goto?to=\(target)", server, network: network)
    #expect(words.contains("HTTP request failed"), "\(words)")
  }

  @Test func `redirects among allowed addresses are followed`() async throws {
    let server = try HTTPServer()
    let network = NetworkPolicy(
      allowsPrivateAddresses: false,
      hosts: [try HostRule("127.0.0.0/8:\(server.port)")]
    )
    #expect(
      try await words("http://localhost:PORT/redirect", server, network: network) == "no failure"
    )
  }

  @Test func `a proxy does not lead around the rules`() async throws {
    let server = try HTTPServer()
    let proxy: ObjectValue = [
      "proxy": ["enabled": true, "host": "127.0.0.1", "port": .int(Int64(server.port))]
    ]
    #expect(
      try await words("http://example.com/", server, network: .publicOnly, proxy)
        .contains(Self.refused)
    )
    let network = NetworkPolicy(
      allowsPrivateAddresses: false,
      hosts: [try HostRule("127.0.0.1:\(server.port)"), try HostRule("example.com")]
    )
    #expect(
      try await words("http://example.com/told", server, network: network, proxy) == "no failure"
    )
    #expect(
      try await words("http://10.0.0.1/told", server, network: network, proxy)
        .contains(Self.refused)
    )
    let goal = "http://example.com/goto?to=http://10.0.0.1/"
    #expect(try await words(goal, server, network: network, proxy).contains(Self.refused))
  }
}
