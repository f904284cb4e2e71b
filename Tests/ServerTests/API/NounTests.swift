import HTTPTypes
import Synchronization
import TestKit
import Testing
import Values

@testable import Server

/// The answers of the smaller nouns, as they are read by clients.
@Suite struct NounTests {
  @Test func `a project is told with its latest revision`() async throws {
    let expected: Value = [
      "id": "1", "name": "shop", "revision": "r1", "revisionId": "10",
      "createdAt": "2023-11-14T22:13:20.000Z", "updatedAt": "2023-11-14T22:13:20.000Z",
      "deletedAt": nil, "archiveType": "db", "archiveMd5": nil,
      "archiveSha256": .string(String(repeating: "ab", count: 32)),
    ]
    let server = try TestServer()
    #expect(try await server.send(.get, "/api/projects/1").json == expected)
    #expect(try await server.send(.get, "/api/project?name=shop").json == expected)
    #expect(
      try await server.send(.get, "/api/projects", as: "viewer@1").json == ["projects": [expected]]
    )
  }

  @Test func `revisions, archives and differences are told`() async throws {
    let server = try TestServer()
    try server.folder.write("0123456789", to: "archive.tar.gz")
    let revisions = try await server.send(.get, "/api/projects/1/revisions").json
    #expect(
      revisions.object?["revisions"]?.array?.first?.object?["workflows"] == ["daily", "weekly"]
    )
    let archive = try await server.send(.get, "/api/projects/1/archive?revision=r1")
    #expect(archive.text == "0123456789")
    #expect(archive.header("Content-Type") == "application/gzip")
    #expect(archive.header("Content-Disposition")?.contains("shop-r1.tar.gz") == true)
    let diff = try await server.send(.get, "/api/projects/1/diff?from=r1").json
    #expect(
      diff.object?["files"] == [["path": "daily.dig", "change": "changed", "diff": "-a\n+b\n"]]
    )
    #expect(try await server.send(.get, "/api/projects/1/archive?revision=r9").status == 404)
  }

  @Test func `a push hands on the archive and leaves nothing behind`() async throws {
    let server = try TestServer()
    let reply = try await server.send(
      .put,
      "/api/projects?project=shop&revision=r2&schedule_from=2024-01-01T00:00:00Z",
      as: "editor@1",
      json: "archive bytes"
    )
    #expect(reply.status == 200)
    let push = try #require(server.played.state.withLock { $0.pushes.first })
    #expect(push.0.project == "shop" && push.0.revision == "r2" && push.1 == "archive bytes")
    #expect(!server.folder.contains(String(push.0.archive.dropFirst(server.folder.path.count + 1))))
  }

  @Test func `a project that is new takes the role on the server`() async throws {
    let server = try TestServer()
    let path = "/api/projects?project=new"
    #expect(try await server.send(.put, path, as: "editor@1", json: "x").status == 403)
    #expect(try await server.send(.put, path, as: "editor", json: "x").status == 200)
  }

  @Test func `a workflow is found by its number and by its name`() async throws {
    let expected: Value = [
      "id": "1000001", "name": "weekly", "project": ["id": "1", "name": "shop"], "revision": "r1",
      "timezone": "Asia/Tokyo", "config": ["+load": ["sh>": "echo"]],
    ]
    let server = try TestServer()
    for path in [
      "/api/workflows/1000001", "/api/workflow?project=shop&name=weekly",
      "/api/projects/1/workflow?name=weekly", "/api/projects/1/workflows/weekly",
      "/api/projects/1/workflow?name=weekly&revision=r1",
    ] {
      #expect(try await server.send(.get, path, as: "viewer@1").json == expected, "\(path)")
    }
    let list = try await server.send(.get, "/api/workflows?name=weekly", as: "viewer@1").json
    #expect(list == ["workflows": [expected]])
    let slip = try await server.send(.get, "/api/projects/1/workflows/weekley").json
    #expect(slip.object?["hint"] == "did you mean `weekly`?")
  }

  @Test(arguments: [
    ("2024-01-01T23:30:00Z", "day", "2024-01-02T00:00:00+09:00"),
    ("2024-01-01T23:30:00Z", "hour", "2024-01-02T08:00:00+09:00"),
    ("2024-01-01%2012:34:56", "day", "2024-01-01T00:00:00+09:00"),
  ])
  func `a session time is cut off in the zone of its workflow`(
    time: String,
    mode: String,
    expected: String
  ) async throws {
    let path = "/api/workflows/1000000/truncated_session_time?session_time=\(time)&mode=\(mode)"
    let reply = try await TestServer().send(.get, path)
    #expect(try reply.json.object?["sessionTime"]?.string == expected)
  }

  @Test func `a schedule is told, skipped and filled`() async throws {
    let server = try TestServer()
    let schedule = try await server.send(.get, "/api/schedules/1", as: "viewer@1").json
    #expect(
      schedule == [
        "id": "1", "project": ["id": "1", "name": "shop"],
        "workflow": ["id": "1000000", "name": "daily"], "timezone": "Asia/Tokyo",
        "schedule": ["daily>": "07:00:00"], "nextRunTime": "2024-01-02T22:00:00.000Z",
        "nextScheduleTime": "2024-01-03T00:00:00+09:00", "lastScheduleTime": nil,
        "disabledAt": nil, "lastSkip": nil,
      ]
    )
    let upcoming = try await server.send(.get, "/api/schedules/1/upcoming?count=2").json
    #expect(upcoming.object?["upcoming"]?.array?.count == 2)
    let skip = try await server.send(.post, "/api/schedules/1/skip", json: #"{"count": 2}"#)
    #expect(skip.status == 200)
    #expect(server.played.state.withLock { $0.skips } == [.count(2)])
    let neither = try await server.send(.post, "/api/schedules/1/skip", json: "{}")
    #expect(neither.status == 400)
    let filled = try await server.send(
      .post,
      "/api/schedules/1/backfill",
      as: "runner@1",
      json: #"{"fromTime": "2024-01-01T00:00:00+09:00", "dryRun": true}"#
    ).json
    #expect(
      filled == [
        "dryRun": true,
        "sessions": [["sessionTime": "2024-01-01T00:00:00+09:00", "attemptId": nil]],
      ]
    )
  }

  @Test func `a secret goes in and only its name comes out`() async throws {
    let server = try TestServer()
    let set = try await server.send(
      .put,
      "/api/projects/1/secrets/td.apikey",
      as: "editor@1",
      json: #"{"value": "hush-hush"}"#
    )
    #expect(set.status == 204)
    let list = try await server.send(.get, "/api/projects/1/secrets", as: "editor@1")
    #expect(try list.json == ["secrets": [["key": "td.apikey"]]])
    #expect(!"\(server.played.events)".contains("hush-hush"))
    let path = "/api/projects/1/secrets/td.apikey"
    #expect(try await server.send(.delete, path).status == 204)
    #expect(try await server.send(.delete, path).status == 404)
  }

  @Test func `a login gives a cookie that scripts cannot read`() async throws {
    let server = try TestServer()
    let reply = try await server.send(
      .post,
      "/api/login",
      as: nil,
      json: #"{"user": "admin", "password": "right"}"#
    )
    #expect(reply.status == 200)
    #expect(
      reply.header("Set-Cookie")
        == "tadoru_session=admin; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict"
    )
    #expect(try reply.json.object?["requestToken"] == "request-token")
    let wrong = try await server.send(
      .post,
      "/api/login",
      as: nil,
      json: #"{"user": "ann", "password": "guess"}"#
    )
    #expect(wrong.status == 401)
    #expect(server.played.events.last?.actor == "ann")
    #expect(!"\(server.played.events)".contains("guess"))
  }

  @Test func `name and password are taken with each request too`() async throws {
    let server = try TestServer()
    // echo -n viewer:right | base64
    let right = ["Authorization": "Basic dmlld2VyOnJpZ2h0"]
    #expect(try await server.send(.get, "/api/me", as: nil, headers: right).status == 200)
    for wrong in ["Basic ###", "Basic", "Digest x", "Bearer nobody"] {
      let reply = try await server.send(.get, "/api/me", as: nil, headers: ["Authorization": wrong])
      #expect(reply.status == 401)
      #expect(reply.header("WWW-Authenticate") != nil)
    }
  }

  @Test func `a token is shown once`() async throws {
    let server = try TestServer()
    let made = try await server.send(.post, "/api/tokens", json: #"{"name": "ci"}"#)
    #expect(try made.json.object?["token"] == "secret-token-text")
    #expect(try await !server.send(.get, "/api/tokens").text.contains("secret-token-text"))
    let past = try await server.send(
      .post,
      "/api/tokens",
      json: #"{"name": "ci", "expiresAt": "2001-01-01"}"#
    )
    #expect(past.status == 400)
  }

  @Test func `the audit is for administrators`() async throws {
    let server = try TestServer()
    _ = try await server.send(.post, "/api/attempts/3/kill")
    let entries = try await server.send(.get, "/api/audit").json.object?["entries"]?.array
    #expect(entries?.first?.object?["action"] == "attempt.kill")
    #expect(try await server.send(.get, "/api/audit/verify").json.object?["intact"] == true)
    #expect(try await server.send(.get, "/api/audit", as: "editor").status == 403)
  }

  @Test func `counters name routes and never what was asked for`() async throws {
    let server = try TestServer()
    for id in 1...50 { _ = try await server.send(.get, "/api/attempts/\(id)") }
    for path in ["/a", "/b", "/c"] { _ = try await server.send(.get, path) }
    let text = try await server.send(.get, "/metrics").text
    let counted =
      #"tadoru_http_requests_total{method="GET",route="/api/attempts/{id}",status="200"} 4"#
    #expect(text.contains(counted))
    #expect(text.contains(#"{method="none",route="none",status="404"} 3"#))
    #expect(text.contains(#"tadoru_attempts{status="success"} 2"#))
    #expect(text.contains("tadoru_attempts_running 1"))
    #expect(text.contains("process_resident_memory_bytes "))
    #expect(
      text.split(separator: "\n").filter { $0.hasPrefix("tadoru_http_requests_total") }.count == 3
    )
  }

  @Test func `without accounts whoever comes is the owner`() async throws {
    let server = try TestServer(hasAccounts: false)
    let me = try await server.send(.get, "/api/me", as: nil).json
    #expect(me.object?["hasAccounts"] == false && me.object?["role"] == "admin")
  }
}
