import HTTPTypes
import Synchronization
import Testing
import Values

@testable import Server

@Suite struct AttemptAPITests {
  @Test func `an attempt is told as digdag's clients know it`() async throws {
    let reply = try await TestServer().send(.get, "/api/attempts/1", as: "viewer@1")
    #expect(
      try reply.json == [
        "id": "1", "index": 1, "project": ["id": "1", "name": "shop"],
        "workflow": ["id": nil, "name": "daily"], "sessionId": "1", "sessionUuid": "uuid-1",
        "sessionTime": "2024-01-01T09:00:00+09:00", "retryAttemptName": nil, "done": true,
        "success": false, "cancelRequested": false, "params": ["x": 1],
        "createdAt": "2024-01-01T00:00:01.000Z", "finishedAt": "2024-01-01T00:00:05.000Z",
        "status": "error", "revisionId": nil,
      ]
    )
  }

  @Test func `lists give the newest first, page by page`() async throws {
    let server = try TestServer()
    #expect(try await ids(server, "/api/attempts?include_retried=true") == ["4", "3", "2", "1"])
    #expect(try await ids(server, "/api/attempts?include_retried=true&page_size=2") == ["4", "3"])
    #expect(
      try await ids(server, "/api/attempts?include_retried=true&page_size=2&last_id=3") == [
        "2", "1",
      ]
    )
    #expect(try await ids(server, "/api/attempts?include_retried=true&last_id=1") == [])
  }

  @Test func `lists leave out what was tried again, other projects, other states`() async throws {
    let server = try TestServer()
    #expect(try await ids(server, "/api/attempts") == ["4", "3", "2"])
    #expect(try await ids(server, "/api/attempts?project=shop") == ["3", "2"])
    #expect(try await ids(server, "/api/attempts?project=shop&workflow=weekly") == [])
    #expect(try await ids(server, "/api/attempts?status=running") == ["3"])
    #expect(try await ids(server, "/api/attempts/1/retries") == ["2", "1"])
    #expect(try await ids(server, "/api/sessions/1/attempts") == ["2", "1"])
  }

  @Test func `nobody sees what belongs to projects that are not theirs`() async throws {
    let server = try TestServer()
    #expect(try await ids(server, "/api/attempts", as: "viewer@1") == ["3", "2"])
    #expect(try await ids(server, "/api/attempts", as: "none") == [])
    #expect(
      try await server.send(.get, "/api/attempts?project=other", as: "viewer@1").status == 404
    )
    let foreign = try await server.send(.get, "/api/attempts/4", as: "viewer@1")
    let missing = try await server.send(.get, "/api/attempts/44", as: "viewer@1")
    #expect(foreign.status == 404 && missing.status == 404)
    #expect(try foreign.message == "there is no attempt `4`")
    #expect(try missing.message == "there is no attempt `44`")
  }

  @Test func `tasks are told with their states, stores and errors`() async throws {
    let reply = try await TestServer().send(.get, "/api/attempts/1/tasks")
    let tasks = try #require(try reply.json.object?["tasks"]?.array)
    #expect(
      tasks.last == [
        "id": "1", "fullName": "+daily+load", "parentId": "0", "type": "sh", "config": [:],
        "upstreams": [], "state": "error", "cancelRequested": false, "exportParams": [:],
        "storeParams": ["a": 1], "stateParams": [:], "retryCount": 0,
        "updatedAt": "2024-01-01T00:00:04.000Z", "startedAt": "2024-01-01T00:00:02.000Z",
        "finishedAt": "2024-01-01T00:00:04.000Z", "retryAt": nil,
        "error": ["message": "no such file"], "isGroup": false,
      ]
    )
    #expect(tasks.first?.object?["isGroup"] == true)
  }

  @Test func `a start hands on what was asked for and answers the attempt`() async throws {
    let server = try TestServer()
    let reply = try await server.send(
      .put,
      "/api/attempts",
      as: "runner@1",
      json: """
        {"workflowId": 1000000, "sessionTime": "2024-01-02T09:00:00+09:00", "retryAttemptName": null,
         "resume": {"mode": "from", "attemptId": "1", "from": "+load"}, "params": {"a": [1]}}
        """
    )
    #expect(reply.status == 200, "\(reply.text)")
    #expect(try reply.json.object?["id"] == "3")
    let start = try #require(server.played.state.withLock { $0.starts.first })
    #expect(start.project == 1 && start.workflow == "daily" && start.revision == 10)
    #expect(start.sessionTime == 1_704_153_600 && start.retryName.isEmpty)
    #expect(start.parameters == ["a": [1]] && start.resume == .from("+load", of: 1))
    let event = try #require(server.played.events.first)
    #expect(event.action == "attempt.start" && event.object == "attempt 3" && event.status == 200)
    #expect(event.actor == "runner@1" && event.project == 1 && event.address == "192.0.2.1")
  }

  @Test func `a start of what is there answers it with a conflict`() async throws {
    let reply = try await TestServer().send(
      .put,
      "/api/attempts",
      json: #"{"workflowId": "1000000", "retryAttemptName": "taken"}"#
    )
    #expect(reply.status == 409)
    #expect(try reply.json.object?["id"] == "1")
  }

  @Test func `an attempt of another project cannot be resumed`() async throws {
    let reply = try await TestServer().send(
      .put,
      "/api/attempts",
      as: "runner@1",
      json: #"{"workflowId": "1000000", "resume": {"mode": "failed", "attemptId": "4"}}"#
    )
    #expect(reply.status == 404)
  }

  @Test func `a retry hands on its scope, revision and name`() async throws {
    let server = try TestServer()
    let reply = try await server.send(
      .post,
      "/api/attempts/1/retry",
      json: #"{"scope": "from", "from": "+load", "revision": "r1", "name": "again"}"#
    )
    #expect(reply.status == 200)
    let retry = try #require(server.played.state.withLock { $0.retries.first })
    #expect(retry.attempt == 1 && retry.scope == .from("+load"))
    #expect(retry.revision == .number(10) && retry.name == "again")
  }

  @Test func `a retry without a body resumes with the latest revision`() async throws {
    let server = try TestServer()
    #expect(try await server.send(.post, "/api/attempts/1/retry").status == 200)
    let retry = try #require(server.played.state.withLock { $0.retries.first })
    #expect(retry.scope == .failed && retry.revision == .latest && retry.name == nil)
  }

  @Test func `a session is told with its last attempt`() async throws {
    let reply = try await TestServer().send(.get, "/api/sessions/1")
    let session = try #require(try reply.json.object)
    #expect(session["sessionTime"] == "2024-01-01T09:00:00+09:00")
    #expect(session["attemptCount"] == 2)
    #expect(session[path: ["lastAttempt", "id"]] == "2")
    #expect(session[path: ["lastAttempt", "retryAttemptName"]] == "retry-2")
    let list = try await TestServer().send(.get, "/api/projects/1/sessions?last_id=2")
    #expect(try list.json.object?["sessions"]?.array?.count == 1)
  }

  private func ids(
    _ server: TestServer,
    _ path: String,
    as token: String = "admin"
  ) async throws -> [String] {
    let reply = try await server.send(.get, path, as: token)
    return try reply.json.object?["attempts"]?.array?.compactMap { $0.object?["id"]?.string } ?? []
  }
}
