import Foundation
import TestKit
import Testing
import Values
import WorkflowEngine

@testable import Operators

/// Against a real server; what it was asked comes back as JSON.
@Suite struct HTTPOperatorTests {
  private let server: HTTPServer
  private let task: TestTask

  init() throws {
    server = try HTTPServer()
    task = try TestTask()
  }

  /// What the server was asked by a task with these keys.
  private func told(
    _ keys: ObjectValue,
    path: String = "/told",
    exports: ObjectValue = [:],
    secrets: [String: String] = [:]
  ) async throws -> ObjectValue {
    let local = ObjectValue([("_command", server.address(path)), ("store_content", true)])
    let result = try await task.run(
      HTTPOperator(),
      local.merging(keys),
      exports: exports,
      secrets: secrets
    )
    let content = try #require(result.store[path: ["http", "last_content"]]?.string)
    return try #require(try JSON.decode(content).object)
  }

  private func words(
    _ path: String,
    _ keys: ObjectValue = [:],
    secrets: [String: String] = [:]
  ) async -> String {
    let local = ObjectValue([("_command", server.address(path))]).merging(keys)
    return await task.failure(HTTPOperator(), local, secrets: secrets)
      .replacing("127.0.0.1:\(server.port)", with: "HOST")
  }

  @Test func `stores the status and, when asked, the content as text`() async throws {
    let plain = try await task.run(HTTPOperator(), ["_command": server.address("/told")])
    #expect(plain.store == ["http": ["last_status": 200]])
    #expect(plain.reset == [["http", "last_status"], ["http", "last_content"]])
    let told = try await told([:])
    #expect(told["method"] == "GET" && told["path"] == "/told" && told["body"] == "")
    #expect(told[path: ["headers", "user-agent"]] == "tadoru")
    let latin = try await task.run(
      HTTPOperator(),
      ["_command": server.address("/latin"), "store_content": "true"]
    )
    #expect(latin.store[path: ["http", "last_content"]] == "café")
  }

  @Test(
    arguments: [
      (["content": "a b é"], "a b é", "text/plain; charset=utf-8"),
      (["content": 5], "5", "text/plain"),
      (["content": ["k": [1, "x"]]], #"{"k":[1,"x"]}"#, "application/json"),
      (["content": #"{"k": 1}"#, "content_format": "json"], #"{"k": 1}"#, "application/json"),
      (["content": "word", "content_format": "json"], #""word""#, "application/json"),
      (
        ["content": ["a": "x y", "b": ["1", "é"]], "content_format": "form"], "a=x+y&b=1&b=%C3%A9",
        "application/x-www-form-urlencoded"
      ),
      (
        ["content": "a=1&b=2", "content_format": "form"], "a=1&b=2",
        "application/x-www-form-urlencoded"
      ),
      (["content": "a,b", "content_type": "text/csv"], "a,b", "text/csv"),
      (["content": "a,b", "headers": [["content-type": "text/tsv"]]], "a,b", "text/tsv"),
    ] as [(ObjectValue, String, String)]
  )
  func `sends content in the format that is asked for`(
    keys: ObjectValue,
    body: String,
    type: String
  ) async throws {
    for method in ["POST", "PUT"] {
      let told = try await told(keys.merging(["method": .string(method)]))
      #expect(told["method"]?.string == method)
      #expect(told["body"]?.string == body)
      #expect(told[path: ["headers", "content-type"]]?.string == type)
    }
  }

  @Test func `sends methods with and without a body`() async throws {
    #expect(try await told(["method": "delete"])["method"] == "DELETE")
    let post = try await told(["method": "POST"])
    #expect(post["body"] == "" && post[path: ["headers", "content-length"]] == "0")
    #expect(post[path: ["headers", "content-type"]] == nil)
    let get = try await told(["content": ["a": 1]])
    #expect(get["method"] == "GET" && get["body"] == #"{"a":1}"#)
    let head = try await task.run(
      HTTPOperator(),
      ["_command": server.address("/told"), "method": "HEAD", "store_content": true]
    )
    #expect(head.store == ["http": ["last_status": 200, "last_content": ""]])
  }

  @Test(
    arguments: [
      (["a": "x y&z", "b": [1, 2], "c": nil], ["a": ["x y&z"], "b": ["1", "2"], "c": [""]]),
      (#"{"a": "1"}"#, ["a": ["1"]]),
      ("a=1&b=%20é", ["a": ["1"], "b": [" é"]]),
    ] as [(Value, ObjectValue)]
  )
  func `adds a query to the address`(query: Value, expected: ObjectValue) async throws {
    #expect(try await told(["query": query])["query"]?.object == expected)
    let told = try await told(["query": query], path: "/told?z=9#part")
    #expect(told["query"]?.object == ObjectValue([("z", ["9"])]).merging(expected))
  }

  @Test func `fills secrets and shows none of them`() async throws {
    let secrets = [
      "api.token": "s3cret", "api.key": "k3y", "http.user": "ann", "http.password": "pw",
    ]
    let told = try await told(
      [
        "method": "POST", "headers": [["X-Token": "Bearer ${secret:api.token}"], ["X-Empty": ""]],
        "content": ["deep": ["${secret:api.token}"]], "query": ["key": "${secret:api.key}"],
      ],
      secrets: secrets
    )
    #expect(told[path: ["headers", "x-token"]] == "Bearer s3cret")
    #expect(told[path: ["headers", "x-empty"]] == "")
    #expect(told["body"] == #"{"deep":["s3cret"]}"#)
    #expect(told[path: ["query", "key"]] == ["k3y"])
    // `printf ann:pw | base64`
    #expect(told[path: ["headers", "authorization"]] == "Basic YW5uOnB3")
    let address = try #require(server.address("/told").string)
    let hidden = try await task.run(
      HTTPOperator(),
      ["_command": "ignored", "store_content": true],
      secrets: ["http.uri": address + "?t=s3cret", "http.authorization": "Token s3cret"]
    )
    let content = try #require(hidden.store[path: ["http", "last_content"]]?.string)
    #expect(content.contains(#""authorization": "Token s3cret""#))
    #expect(task.log.contains("GET http://***: 200 OK"))
    for secret in ["s3cret", "k3y", "pw"] { #expect(!task.log.contains(secret)) }
    let failure = await words("/status/404?${secret:api.key}", secrets: secrets)
    #expect(failure.hasPrefix("HTTP 4XX Client Error: GET http://*** - 404 Not Found: "))
    let login = await task.failure(
      HTTPOperator(),
      ["_command": .string("http://ann:pw@127.0.0.1:\(server.port)/status/401")]
    )
    #expect(login.contains("GET http://***@127.0.0.1") && !login.contains("pw"))
  }

  @Test func `fails at once with the first 200 characters of the answer`() async throws {
    let beginning = "reason number 404 " + String(repeating: "x", count: 182)
    #expect(
      await words("/status/404")
        == "HTTP 4XX Client Error: GET http://HOST/status/404 - 404 Not Found: \(beginning) (runtime)"
    )
    let server = await words("/status/503", ["retry": false])
    #expect(
      server.hasPrefix(
        "HTTP 5XX Server Error: GET http://HOST/status/503 - 503 Service Unavailable: "
      )
    )
    #expect(
      await words("/status/500", ["method": "POST"]).hasPrefix("HTTP 5XX Server Error: POST ")
    )
  }

  @Test func `tries again after growing pauses, and gives up`() async throws {
    let (result, pauses) = try await task.runThroughPolls(
      HTTPOperator(),
      ["_command": server.address("/busy/503/3"), "store_content": true]
    )
    #expect(result.store[path: ["http", "last_content"]] == "ready")
    #expect(pauses == [.seconds(1), .seconds(2), .seconds(4)])
    let forced = try await task.runThroughPolls(
      HTTPOperator(),
      ["_command": server.address("/busy/408/1"), "method": "POST", "retry": "true"]
    )
    #expect(forced.pauses == [.seconds(1)])
    await #expect(throws: TaskFailure.self) {
      try await task.runThroughPolls(HTTPOperator(), ["_command": server.address("/status/500")])
    }
    let last = "try \(HTTPExchange.mostTries) in 30 s"
    #expect(task.log.contains(last))
    let context = try task.context(["_command": server.address("/patience")])
    guard case .poll(let pause, _) = try await HTTPOperator().run(context) else {
      Issue.record("expected a pause")
      return
    }
    #expect(pause == .seconds(7))
  }

  @Test func `tells connections that do not come about`() async throws {
    // Nobody listens at port 1 (tcpmux), and nobody without privileges can.
    let refused = await task.failure(
      HTTPOperator(),
      ["_command": "http://127.0.0.1:1/", "retry": false]
    )
    #expect(refused.hasPrefix("HTTP request failed: GET http://127.0.0.1:1/ - "))
    #expect(refused.hasSuffix("(runtime)"))
    let slow = await words("/silent", ["timeout": 0.2, "retry": false])
    #expect(slow.hasPrefix("HTTP request failed: GET http://HOST/silent - Timeout was reached"))
  }

  @Test func `follows redirects unless told not to`() async throws {
    #expect(try await told([:], path: "/redirect")["path"] == "/landed")
    let posted = try await told(["method": "POST", "content": "x"], path: "/redirect")
    #expect(posted["method"] == "GET" && posted["path"] == "/landed")
    let result = try await task.run(
      HTTPOperator(),
      ["_command": server.address("/redirect"), "follow_redirects": "false"]
    )
    #expect(result.store == ["http": ["last_status": 302]])
  }

  @Test func `goes through the proxy of the task, and takes any certificate only when told`()
    async throws
  {
    let proxied = try await task.run(
      HTTPOperator(),
      [
        "_command": "http://far.invalid/x", "store_content": true,
        "proxy": ["enabled": true, "host": "127.0.0.1", "port": .int(Int64(server.port))],
      ]
    )
    let content = try #require(proxied.store[path: ["http", "last_content"]]?.string)
    #expect(content.contains(#""target": "http://far.invalid/x""#))
    let secure = try HTTPServer(tls: true)
    let keys: ObjectValue = ["_command": secure.address("/told"), "retry": false]
    #expect(await task.failure(HTTPOperator(), keys).contains("certificate"))
    let result = try await task.run(HTTPOperator(), keys.merging(["insecure": true]))
    #expect(result.store == ["http": ["last_status": 200]])
  }

  @Test func `keeps 64 KiB and no more`() async throws {
    let full = try await task.run(
      HTTPOperator(),
      ["_command": server.address("/large/65536"), "store_content": true]
    )
    #expect(full.store[path: ["http", "last_content"]]?.string?.count == 65_536)
    #expect(
      await words("/large/65537", ["store_content": true])
        == "Response content too large: 65537 bytes > 65536 bytes (runtime)"
    )
    let unkept = try await task.run(HTTPOperator(), ["_command": server.address("/large/9000000")])
    #expect(unkept.store == ["http": ["last_status": 200]])
  }

  @Test func `takes defaults from an exported map`() async throws {
    let told = try await told([:], exports: ["http": ["method": "PUT", "content": "x"]])
    #expect(told["method"] == "PUT" && told["body"] == "x")
  }

  @Test func `refuses what cannot be sent`() async throws {
    #expect(await words("/", ["_command": nil]).hasPrefix("Parameter '_command' is required"))
    for address in ["ftp://host/x", "host/x", "http://", "file:///etc/passwd", ""] {
      let words = await words("/", ["_command": .string(address)])
      #expect(words.hasPrefix("expected an address as `https://host/path`"))
    }
    #expect(
      await words("/", ["headers": ["A": "b"]]).hasPrefix("Expected array type for key 'headers'")
    )
    #expect(await words("/", ["headers": [["A": "b\r\nC: d"]]]).contains("line break"))
    #expect(await words("/", ["headers": [["A B": "x"]]]).contains("no name of a header"))
    #expect(await words("/", ["method": "GE T"]).hasPrefix("`method` must be a word"))
    #expect(await words("/", ["content_format": "xml"]).hasPrefix("`content_format` must be"))
    #expect(
      await words("/", ["content": [1], "content_format": "form"]).contains(
        "must be a map or one text"
      )
    )
    #expect(await words("/", ["timeout": 0]).hasPrefix("`timeout` must be more than 0"))
    #expect(
      await words("/", ["headers": [["A": "${secret:none}"]]])
        == "Secret not found for key: 'none' (config)"
    )
    #expect(await words("/", ["proxy": ["enabled": true, "host": "x"]]).contains("'proxy.port'"))
  }

  @Test func `ends when it is cancelled`() async throws {
    let context = try task.context(["_command": server.address("/silent")])
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await HTTPOperator().run(context) }
        while !task.log.contains("sending") { await Task.yield() }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }
}
