import Testing
import Values
import WorkflowLanguage

@testable import WorkflowEngine

@Suite struct IsolationSettingsTests {
  private func words(_ settings: ObjectValue) -> String {
    do {
      _ = try TaskIsolation(settings: settings)
      return "no failure"
    } catch {
      return error.message
    }
  }

  @Test func `without settings everything is closed`() throws {
    let isolation = try TaskIsolation(settings: [:])
    #expect(isolation.network == .publicOnly && isolation.files == .project)
    #expect(isolation.processes.isConfined && isolation.processes.account == nil)
  }

  @Test func `reads network, limits and files`() throws {
    let isolation = try TaskIsolation(settings: [
      "network": ["private_addresses": false, "hosts": ["example.com", "10.0.0.0/8:5432"]],
      "processes": [
        "cpu": "1h", "memory": "4g", "processes": 256, "files": 1024, "file_size": "1t",
      ],
      "files": "everything",
    ])
    #expect(isolation.network.hosts?.count == 2 && isolation.files == .open)
    let limits = isolation.processes.limits
    #expect(limits.processorSeconds == 3600 && limits.memoryInBytes == 4 << 30)
    #expect(limits.processes == 256 && limits.openFiles == 1024)
    #expect(limits.fileSizeInBytes == 1 << 40)
    #expect(
      isolation.processes.launcher() == [
        "/usr/bin/prlimit", "--core=0", "--cpu=3600", "--as=4294967296", "--nproc=256",
        "--nofile=1024", "--fsize=1099511627776", "/usr/bin/setpriv", "--no-new-privs",
      ]
    )
  }

  @Test(
    arguments: [
      (["netwrok": [:]], "`isolation` has no setting `netwrok`"),
      (["network": ["host": ["a"]]], "`isolation.network` has no setting `host`"),
      (["network": ["hosts": ["http://a"]]], "`isolation.network.hosts`: expected"),
      (["network": ["hosts": ["10.0.0.256"]]], "`isolation.network.hosts`: expected"),
      (["network": ["hosts": ["a:0"]]], "`isolation.network.hosts`: expected"),
      (["network": ["hosts": ["10.0.0.0/33"]]], "`isolation.network.hosts`: expected"),
      (["network": ["hosts": [""]]], "`isolation.network.hosts`: expected"),
      (["processes": ["memory": "much"]], "`isolation.processes.memory`: expected a size"),
      (["processes": ["memory": "-1g"]], "`isolation.processes.memory`: expected a size"),
      (["processes": ["cpu": "x"]], "Expected a duration for key 'cpu'"),
      (["processes": ["processes": 0]], "`isolation.processes.processes` must be more than 0"),
      (["processes": ["user": "no-such-account"]], "this machine has no account `no-such-account`"),
      (["processes": ["user": "root"]], "must not be the superuser"),
      (["files": "some"], "`isolation.files` must be `project` or `everything`, found `some`"),
    ] as [(ObjectValue, String)]
  )
  func `says which setting is wrong`(settings: ObjectValue, expected: String) {
    #expect(words(settings).contains(expected), "\(words(settings))")
  }

  @Test func `only root can name another account`() {
    let error = #expect(throws: WorkflowError.self) {
      _ = try ProcessPolicy(settings: ["user": "nobody"], ownUser: 4_000_000)
    }
    #expect(error?.message.contains("only a server that root starts") == true)
  }

  @Test(
    arguments: [
      ("example.com", "example.com", 1, true), ("example.com", "EXAMPLE.com.", 1, true),
      ("example.com", "a.example.com", 1, false), ("example.com", "example.com.evil.org", 1, false),
      ("*.example.com", "a.b.example.com", 1, true), ("*.example.com", "example.com", 1, false),
      ("*.example.com", "notexample.com", 1, false), ("*", "10.0.0.1", 1, true),
      ("example.com:443", "example.com", 443, true), ("example.com:443", "example.com", 80, false),
    ]
  )
  func `a rule for names`(rule: String, host: String, port: Int, isAllowed: Bool) throws {
    #expect(try HostRule(rule).allows(name: host, port: port) == isAllowed)
  }

  @Test(
    arguments: [
      ("10.1.2.3", "10.1.2.3", 1, true), ("10.0.0.0/8", "10.255.0.1", 1, true),
      ("10.0.0.0/9", "10.128.0.1", 1, false), ("10.1.2.3:5432", "10.1.2.3", 5432, true),
      ("10.1.2.3:5432", "10.1.2.3", 22, false), ("10.0.0.0/8", "::ffff:10.0.0.1", 1, true),
      ("[fd00::1]:80", "fd00::1", 80, true), ("fd00::/8", "fd12::1", 1, true),
      ("fd00::/8", "fe80::1", 1, false), ("::1", "::1", 1, true),
    ]
  )
  func `a rule for addresses`(rule: String, host: String, port: Int, isAllowed: Bool) throws {
    let address = try #require(IPAddress(host))
    #expect(try HostRule(rule).allows(address, port: port) == isAllowed)
  }

  // The registries of special addresses of IANA.
  @Test(
    arguments: [
      ("8.8.8.8", .global), ("2606:4700::1", .global), ("::ffff:8.8.8.8", .global),
      ("64:ff9b::808:808", .global), ("2002:808:808::1", .global), ("0.0.0.0", .unspecified),
      ("0.1.2.3", .reserved), ("127.8.8.8", .loopback), ("169.254.169.254", .linkLocal),
      ("172.15.255.255", .global), ("172.16.0.0", .private), ("172.32.0.0", .global),
      ("100.63.255.255", .global), ("100.127.255.255", .shared), ("239.0.0.1", .multicast),
      ("255.255.255.255", .reserved), ("::", .unspecified), ("::1", .loopback),
      ("::ffff:10.0.0.1", .private), ("::10.0.0.1", .reserved), ("64:ff9b::a00:1", .private),
      ("64:ff9b:1::1", .reserved), ("2002:a00:1::", .private), ("fd00::1", .uniqueLocal),
      ("fe80::1", .linkLocal), ("febf::1", .linkLocal), ("ff02::1", .multicast),
      ("2001:db8::1", .reserved), ("2001::1", .reserved), ("4000::1", .reserved),
    ] as [(String, IPAddress.Kind)]
  )
  func `what an address is for`(text: String, kind: IPAddress.Kind) {
    #expect(IPAddress(text)?.kind == kind)
  }
}
